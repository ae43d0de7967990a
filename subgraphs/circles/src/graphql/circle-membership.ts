import { defineConnection, ownOnly, type Payload } from '@banyan/kit/graphql';
import { builder, CirclesUserError } from '../builder.ts';
import type { CircleRow } from '../db/circles.ts';
import type { MembershipRow } from '../db/memberships.ts';
import { joinCircle } from '../domain/join-circle.ts';
import { leaveCircle } from '../domain/leave-circle.ts';
import { circleRoles, membershipStates } from '../domain/words.ts';
import { Circle } from './circle.ts';
import { mutate } from './mutate.ts';

export const CircleRoleEnum = builder.enumType('CircleRole', { values: circleRoles });
export const CircleMembershipStateEnum = builder.enumType('CircleMembershipState', {
  values: membershipStates,
});

const CircleMembership = builder.objectRef<MembershipRow>('CircleMembership').implement({
  description: 'A person’s own membership, to that person alone.',
  authScopes: (membership, { caller }) => caller.subject === membership.user_id,
  fields: (t) => ({
    id: t.exposeID('id'),
    circle: t.field({
      type: Circle,
      resolve: async (membership, _args, { loaders }) =>
        (await loaders.circle.load(membership.circle_id)) as CircleRow,
    }),
    role: t.expose('role', { type: CircleRoleEnum }),
    state: t.expose('state', { type: CircleMembershipStateEnum }),
    reason: t.exposeString('reason', { nullable: true, description: 'Of the last decision of the team.' }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});

builder.asEntity(CircleMembership, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async ({ id }, context) => {
    const membership = await context.loaders.membership.load(id);
    return membership && ownOnly(context, membership.user_id, membership);
  },
});

export const CircleMembershipConnection = defineConnection(builder, 'CircleMembership', CircleMembership);

builder.objectField(Circle, 'myMembership', (t) =>
  t.field({
    type: CircleMembership,
    nullable: true,
    resolve: (circle, _args, { loaders }) => loaders.ownMembership.load(circle.id),
  }),
);

const CircleMembershipPayload = builder
  .objectRef<Payload<{ membership: MembershipRow }>>('CircleMembershipPayload')
  .implement({
    fields: (t) => ({
      membership: t.expose('membership', { type: CircleMembership, nullable: true }),
      userErrors: t.expose('userErrors', { type: [CirclesUserError] }),
    }),
  });

const JoinCircleInput = builder.inputType('JoinCircleInput', {
  fields: (t) => ({ circleId: t.id(), answers: t.stringList({ required: false }) }),
});
const CircleInput = builder.inputType('CircleInput', { fields: (t) => ({ circleId: t.id() }) });

builder.mutationField('joinCircle', (t) =>
  t.field({
    type: CircleMembershipPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: JoinCircleInput }) },
    resolve: (_root, { input }, context) => mutate(context, joinCircle, input),
  }),
);

builder.mutationField('leaveCircle', (t) =>
  t.field({
    type: CircleMembershipPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CircleInput }) },
    resolve: (_root, { input }, context) => mutate(context, leaveCircle, input),
  }),
);
