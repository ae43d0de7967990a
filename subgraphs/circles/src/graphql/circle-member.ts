import { defineConnection, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { MembershipRow } from '../db/memberships.ts';
import { setMember } from '../domain/set-member.ts';
import { Circle, CirclePayload } from './circle.ts';
import { CircleMembershipStateEnum, CircleRoleEnum } from './circle-membership.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';
import { isMember } from './standing.ts';
import { User } from './user.ts';

const CircleMember = builder.objectRef<MembershipRow>('CircleMember').implement({
  description: 'One of the circle, as the others see this person.',
  authScopes: (member, context) => isMember(context, member.circle_id),
  fields: (t) => ({
    user: t.field({ type: User, nullable: true, resolve: (member) => ({ id: member.user_id }) }),
    role: t.expose('role', { type: CircleRoleEnum }),
    since: t.expose('since', { type: 'DateTime' }),
  }),
});
const CircleMemberConnection = defineConnection(builder, 'CircleMember', CircleMember);

builder.objectField(Circle, 'members', (t) =>
  t.field({
    type: CircleMemberConnection,
    nullable: true,
    description: 'To members.',
    authScopes: (circle, _args, context) => isMember(context, circle.id),
    args: { role: t.arg({ type: CircleRoleEnum, required: false }), ...pageArguments },
    resolve: (circle, { role, ...page }, { loaders }) =>
      loaders.members.load({ parent: circle.id, role: role ?? null, ...pageArgs(page) }),
  }),
);

const SetMemberInput = builder.inputType('SetMemberInput', {
  fields: (t) => ({
    circleId: t.id(),
    userId: t.id(),
    role: t.field({ type: CircleRoleEnum, required: false }),
    state: t.field({ type: CircleMembershipStateEnum, required: false }),
    reason: t.string(),
  }),
});

builder.mutationField('setMember', (t) =>
  t.field({
    type: CirclePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SetMemberInput }) },
    resolve: (_root, { input }, context) => mutate(context, setMember, input),
  }),
);
