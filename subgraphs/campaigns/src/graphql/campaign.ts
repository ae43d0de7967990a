import { isId } from '@banyan/kit/graphql';
import type { Totals } from '@banyan/ledger';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { CampaignRow, StatusChangeRow } from '../db/campaigns.ts';
import { isPublicStatus } from '../domain/lifecycle.ts';
import { isParty, isReviewer, maySee, mayBeOffered, visibleBeneficiary } from '../domain/visibility.ts';
import { CampaignKindEnum, CampaignStatusEnum, RelationEnum } from './enums.ts';
import { Organisation, refTo, User } from './people.ts';

/** A campaign of which only the id is at hand, and perhaps the totals of an acknowledgement. */
export interface CampaignStub {
  readonly id: string;
  readonly totals: Totals | null;
}

export const Campaign = builder.objectRef<CampaignRow | CampaignStub>('Campaign');

const StatusChange = builder.objectRef<StatusChangeRow>('StatusChange').implement({
  fields: (t) => ({
    status: t.expose('status', { type: CampaignStatusEnum }),
    reason: t.exposeString('reason', { nullable: true }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});

/** The row, without a query where it is at hand. */
export function rowOf(
  campaign: CampaignRow | CampaignStub,
  { loaders }: Context,
): CampaignRow | Promise<CampaignRow> {
  if ('slug' in campaign) return campaign;
  return loaders.campaign.load(campaign.id).then((row) => {
    if (row === null) throw new Error('a campaign that is referred to is not there');
    return row;
  });
}

/** Reads a field of the row, now or when it has been loaded. */
function from<Result>(read: (campaign: CampaignRow, context: Context) => Result | Promise<Result>) {
  return (
    campaign: CampaignRow | CampaignStub,
    _args: object,
    context: Context,
  ): Result | Promise<Result> => {
    const row = rowOf(campaign, context);
    return row instanceof Promise ? row.then((loaded) => read(loaded, context)) : read(row, context);
  };
}

/** Before a campaign is public, its history is between the organiser and the reviewers. */
async function historyOf(campaign: CampaignRow, { loaders, caller }: Context): Promise<StatusChangeRow[]> {
  const changes = await loaders.statusChanges.load(campaign.id);
  const seesAll = isParty(campaign, caller) || isReviewer(caller);
  return changes.filter(({ status }) => seesAll || isPublicStatus(status));
}

Campaign.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    slug: t.string({ resolve: from((campaign) => campaign.slug) }),
    kind: t.field({ type: CampaignKindEnum, resolve: from((campaign) => campaign.kind) }),
    status: t.field({ type: CampaignStatusEnum, resolve: from((campaign) => campaign.status) }),
    statusReason: t.string({ nullable: true, resolve: from((campaign) => campaign.status_reason) }),
    statusHistory: t.field({
      type: [StatusChange],
      directives: { listSize: { assumedSize: 10 } },
      resolve: from(historyOf),
    }),
    title: t.string({ resolve: from((campaign) => campaign.title) }),
    story: t.string({ resolve: from((campaign) => campaign.story) }),
    coverUrl: t.string({ nullable: true, resolve: from((campaign) => campaign.cover_url) }),
    organiser: t.field({
      type: User,
      nullable: true,
      resolve: from((campaign) => ({ id: campaign.organiser_id })),
    }),
    beneficiary: t.field({
      type: User,
      nullable: true,
      description: 'Hidden unless the beneficiary agreed to be named.',
      resolve: from((campaign, { caller }) => refTo(visibleBeneficiary(campaign, caller))),
    }),
    relation: t.field({
      type: RelationEnum,
      nullable: true,
      description: 'What the beneficiary is to the organiser.',
      resolve: from((campaign) => campaign.relation),
    }),
    charity: t.field({
      type: Organisation,
      nullable: true,
      resolve: from((campaign) => refTo(campaign.charity_id)),
    }),
    hospital: t.field({
      type: Organisation,
      nullable: true,
      resolve: from((campaign) => refTo(campaign.hospital_id)),
    }),
    goal: t.field({
      type: 'Money',
      resolve: from(({ goal_minor: minor, currency }) => ({ minor, currency })),
    }),
    createdAt: t.field({ type: 'DateTime', resolve: from((campaign) => campaign.created_at) }),
    endsAt: t.field({ type: 'DateTime', nullable: true, resolve: from((campaign) => campaign.ends_at) }),
    offersAllowed: t.boolean({
      nullable: true,
      inaccessible: true,
      description:
        'Whether insurance may offer to this caller beside it: never to the one it is for, never where isolation is on.',
      resolve: from((campaign, { caller, settings }) =>
        mayBeOffered(campaign, caller, settings.helpIsolation),
      ),
    }),
  }),
});

/** What stands in an address, and nothing that no slug can be. */
const slugForm = /^[a-z0-9_-]{1,80}$/;

/** The campaign of that id or slug, where this caller may see it. */
export async function findVisible(
  { id, slug }: { id?: string | null | undefined; slug?: string | null | undefined },
  { loaders, caller }: Context,
): Promise<CampaignRow | null> {
  const found = await Promise.all([
    id != null && isId('cmp', id) ? loaders.campaign.load(id) : null,
    slug != null && slugForm.test(slug) ? loaders.campaignBySlug.load(slug) : null,
  ]);
  const [campaign] = found.filter((each) => each !== null);
  if (campaign === undefined) return null;
  // Asked by both, it must be both.
  if ((id != null && campaign.id !== id) || (slug != null && campaign.slug !== slug)) return null;
  return maySee(campaign, caller) ? campaign : null;
}

builder.asEntity(Campaign, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ slug: string }>('slug')],
  resolveReference: (reference: { id?: string; slug?: string }, context) => findVisible(reference, context),
});

builder.queryField('campaign', (t) =>
  t.field({
    type: Campaign,
    nullable: true,
    args: { id: t.arg.id({ required: false }), slug: t.arg.string({ required: false }) },
    resolve: (_root, args, context) => findVisible(args, context),
  }),
);
