import { ownOnly, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { pageOfPerson } from '../db/memberships.ts';
import type { MatchReason, Recommendation } from '../domain/recommend.ts';
import { recommendCircles } from '../domain/recommend-circles.ts';
import { Circle } from './circle.ts';
import { CircleMembershipConnection, CircleMembershipStateEnum } from './circle-membership.ts';
import { pageArguments } from './page-arguments.ts';

/** The caller; the tags of the portrait come along where they are asked for. */
interface ViewerRef {
  id: string;
  matchingTags?: string[] | null;
}

const MatchReasonType = builder.objectRef<MatchReason>('MatchReason').implement({
  fields: (t) => ({
    tag: t.exposeString('tag', { description: 'Of the caller’s own portrait.' }),
    weight: t.exposeFloat('weight', { description: 'How much it says for the circle, 0 to 1.' }),
  }),
});

const CircleRecommendation = builder.objectRef<Recommendation>('CircleRecommendation').implement({
  fields: (t) => ({
    circle: t.field({ type: Circle, resolve: ({ circle }) => circle }),
    why: t.field({
      type: [MatchReasonType],
      directives: { listSize: { assumedSize: 5 } },
      resolve: ({ why }) => [...why],
    }),
  }),
});

builder
  .externalRef(
    'Viewer',
    builder.selection<{ id: string }>('id'),
    (viewer: ViewerRef, context): Promise<ViewerRef> => ownOnly(context, viewer.id, viewer),
  )
  .implement({
    externalFields: (t) => ({ matchingTags: t.stringList({ nullable: true }) }),
    fields: (t) => ({
      id: t.exposeID('id'),
      circleMemberships: t.field({
        type: CircleMembershipConnection,
        nullable: true,
        args: { state: t.arg({ type: CircleMembershipStateEnum, required: false }), ...pageArguments },
        resolve: (viewer, { state, ...page }, { db }) =>
          pageOfPerson(db, { userId: viewer.id, state: state ?? null }, pageArgs(page)),
      }),
      recommendedCircles: t.field({
        type: [CircleRecommendation],
        nullable: true,
        description: 'By the caller’s portrait, best match first; none without consent to matching.',
        requires: builder.selection<{ matchingTags?: string[] | null }>('matchingTags'),
        directives: { cost: { weight: 20 } },
        args: { first: t.arg.int({ required: false, defaultValue: 10 }) },
        resolve: (viewer, { first }, context) =>
          recommendCircles(context, viewer, pageArgs({ first: first ?? 10 }).first),
      }),
    }),
  });
