import { defineConnection, pageArgs, shownError } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { pageOfAudit, type AuditEntryRow } from '../db/audit-entries.ts';
import { User } from './user.ts';

const AuditEntry = builder.objectRef<AuditEntryRow>('AuditEntry').implement({
  description: 'What one of the staff looked at or changed, and why.',
  authScopes: { role: 'SRE' },
  fields: (t) => ({
    id: t.exposeID('id'),
    actor: t.field({
      type: User,
      nullable: true,
      resolve: (entry, _args, { loaders }) => loaders.person.load(entry.actor_id),
    }),
    action: t.exposeString('action'),
    subject: t.exposeString('subject', { description: 'Id of what it was about.' }),
    reason: t.exposeString('reason', { nullable: true }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});
const AuditEntryConnection = defineConnection(builder, 'AuditEntry', AuditEntry);

/** @throws GraphQLError `BAD_USER_INPUT` for what no id looks like. */
function checkedId(id: string | null | undefined): string | null {
  if (id == null || /^[a-z_0-9]{1,60}$/.test(id)) return id ?? null;
  throw shownError('BAD_USER_INPUT', 'This is not an id.');
}

/** SRE reads it: the role that neither serves nor reviews anybody, so that nobody watches themselves at work. */
builder.queryField('auditLog', (t) =>
  t.field({
    type: AuditEntryConnection,
    nullable: true,
    description: 'Newest first.',
    authScopes: { role: 'SRE' },
    args: {
      subjectId: t.arg.id({ required: false }),
      actorId: t.arg.id({ required: false }),
      first: t.arg.int({ required: false, defaultValue: 50 }),
      after: t.arg.string({ required: false }),
    },
    resolve: (_root, { subjectId, actorId, ...page }, { db }) =>
      pageOfAudit(db, { subject: checkedId(subjectId), actorId: checkedId(actorId) }, pageArgs(page)),
  }),
);
