import { defineConnection, isId, pageArgs, signedIn } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { findReviewQueue, type ReviewCaseRow, type ReviewGateRow } from '../db/reviews.ts';
import { decideReviewGate } from '../domain/decide-review-gate.ts';
import { isReviewer } from '../domain/visibility.ts';
import { CampaignPayload } from './campaign-mutations.ts';
import { Campaign } from './campaign.ts';
import { ReviewGateKindEnum, ReviewGateStateEnum } from './enums.ts';
import { mutate } from './mutate.ts';
import { refTo, User } from './people.ts';

const reviewersOnly = (_parent: unknown, _args: unknown, { caller }: Context) => isReviewer(caller);

async function findCase(id: string, { loaders }: Context): Promise<ReviewCaseRow | null> {
  return isId('rev', id) ? loaders.reviewCase.load(id) : null;
}

const ReviewGate = builder.objectRef<ReviewGateRow>('ReviewGate').implement({
  fields: (t) => ({
    kind: t.expose('kind', { type: ReviewGateKindEnum }),
    state: t.expose('state', { type: ReviewGateStateEnum }),
    decidedBy: t.field({ type: User, nullable: true, resolve: (gate) => refTo(gate.decided_by) }),
    decidedAt: t.expose('decided_at', { type: 'DateTime', nullable: true }),
    reason: t.exposeString('reason', { nullable: true }),
  }),
});

const ReviewCase = builder.objectRef<ReviewCaseRow>('ReviewCase');

ReviewCase.implement({
  authScopes: (_case, { caller }) => isReviewer(caller),
  fields: (t) => ({
    id: t.exposeID('id'),
    campaign: t.field({ type: Campaign, resolve: (each) => ({ id: each.campaign_id, totals: null }) }),
    gates: t.field({
      type: [ReviewGate],
      directives: { listSize: { assumedSize: 5 } },
      resolve: async (each, _args, { loaders }) => [...(await loaders.reviewGates.load(each.id))],
    }),
    dueAt: t.expose('due_at', { type: 'DateTime' }),
  }),
});

builder.asEntity(ReviewCase, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders, caller }) =>
    isReviewer(caller) ? loaders.reviewCase.load(id) : null,
});

const ReviewCaseConnection = defineConnection(builder, 'ReviewCase', ReviewCase);

builder.queryField('reviewQueue', (t) =>
  t.field({
    type: ReviewCaseConnection,
    nullable: true,
    authScopes: reviewersOnly,
    args: {
      gate: t.arg({ type: ReviewGateKindEnum, required: false }),
      first: t.arg.int({ required: false, defaultValue: 20 }),
      after: t.arg.string({ required: false }),
    },
    resolve: (_root, { gate, ...page }, { db }) =>
      findReviewQueue(db, { gate: gate ?? null, ...pageArgs(page) }),
  }),
);

builder.queryField('reviewCase', (t) =>
  t.field({
    type: ReviewCase,
    nullable: true,
    authScopes: reviewersOnly,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, context) => findCase(id, context),
  }),
);

const DecideReviewGateInput = builder.inputType('DecideReviewGateInput', {
  fields: (t) => ({
    caseId: t.id(),
    gate: t.field({ type: ReviewGateKindEnum }),
    state: t.field({ type: ReviewGateStateEnum }),
    reason: t.string(),
  }),
});

builder.mutationField('decideReviewGate', (t) =>
  t.field({
    type: CampaignPayload,
    authScopes: reviewersOnly,
    args: { input: t.arg({ type: DecideReviewGateInput }) },
    resolve: (_root, { input }, context) =>
      mutate(context, () => decideReviewGate(context, context.caller, signedIn(context), input)),
  }),
);
