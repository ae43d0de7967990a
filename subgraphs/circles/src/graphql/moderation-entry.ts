import { defineConnection, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { ModerationEntryRow } from '../db/moderation-log.ts';
import { Circle } from './circle.ts';
import { pageArguments } from './page-arguments.ts';
import { isOperator } from './standing.ts';
import { User } from './user.ts';

const ModerationEntry = builder.objectRef<ModerationEntryRow>('ModerationEntry').implement({
  authScopes: (entry, context) => isOperator(context, entry.circle_id),
  fields: (t) => ({
    id: t.exposeID('id'),
    by: t.field({ type: User, nullable: true, resolve: (entry) => ({ id: entry.by_user_id }) }),
    action: t.exposeString('action'),
    subject: t.exposeString('subject', { description: 'Id of the person or the post concerned.' }),
    reason: t.exposeString('reason'),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});
const ModerationEntryConnection = defineConnection(builder, 'ModerationEntry', ModerationEntry);

builder.objectField(Circle, 'moderationLog', (t) =>
  t.field({
    type: ModerationEntryConnection,
    nullable: true,
    description: 'To operators.',
    authScopes: (circle, _args, context) => isOperator(context, circle.id),
    args: pageArguments,
    resolve: (circle, page, { loaders }) => loaders.moderation.load({ parent: circle.id, ...pageArgs(page) }),
  }),
);
