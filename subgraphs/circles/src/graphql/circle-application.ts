import { defineConnection, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { MembershipRow } from '../db/memberships.ts';
import { decideApplication } from '../domain/decide-application.ts';
import { Circle, CirclePayload } from './circle.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';
import { isOperator } from './standing.ts';
import { User } from './user.ts';

const CircleApplication = builder.objectRef<MembershipRow>('CircleApplication').implement({
  authScopes: (application, context) => isOperator(context, application.circle_id),
  fields: (t) => ({
    id: t.exposeID('id'),
    user: t.field({ type: User, nullable: true, resolve: (application) => ({ id: application.user_id }) }),
    answers: t.stringList({
      description: 'To the circle’s questions, in their order.',
      resolve: (application) => [...application.answers],
    }),
    createdAt: t.expose('since', { type: 'DateTime' }),
  }),
});
const CircleApplicationConnection = defineConnection(builder, 'CircleApplication', CircleApplication);

builder.objectField(Circle, 'applications', (t) =>
  t.field({
    type: CircleApplicationConnection,
    nullable: true,
    description: 'To operators: those that wait for a decision, the longest wait first.',
    authScopes: (circle, _args, context) => isOperator(context, circle.id),
    args: pageArguments,
    resolve: (circle, page, { loaders }) =>
      loaders.applications.load({ parent: circle.id, ...pageArgs(page) }),
  }),
);

const DecideApplicationInput = builder.inputType('DecideApplicationInput', {
  fields: (t) => ({ applicationId: t.id(), accept: t.boolean(), reason: t.string({ required: false }) }),
});

builder.mutationField('decideApplication', (t) =>
  t.field({
    type: CirclePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: DecideApplicationInput }) },
    resolve: (_root, { input }, context) => mutate(context, decideApplication, input),
  }),
);
