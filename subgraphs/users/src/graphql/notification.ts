import { defineConnection, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { NotificationRow } from '../db/notifications.ts';
import { markNotificationsRead } from '../domain/mark-notifications-read.ts';
import { wordsOf, type NotificationWords } from '../domain/notification-words.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';
import { Viewer, ViewerPayload } from './viewer.ts';

/** The wording, with the names that people and organisations have today. */
async function wording({ kind, params }: NotificationRow, { loaders }: Context): Promise<NotificationWords> {
  const [person, organisation] = await Promise.all([
    params.userId === undefined ? null : loaders.person.load(params.userId),
    params.organisationId === undefined ? null : loaders.organisation.load(params.organisationId),
  ]);
  return wordsOf(kind, {
    person: person?.display_name ?? null,
    organisation: organisation?.name ?? null,
    reason: params.reason ?? null,
  });
}

const Notification = builder.objectRef<NotificationRow>('Notification').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    kind: t.exposeString('kind'),
    title: t.string({
      resolve: async (row, _args, context) => (await wording(row, context)).title[context.language],
    }),
    body: t.string({
      resolve: async (row, _args, context) => (await wording(row, context)).body[context.language],
    }),
    link: t.exposeString('link', { nullable: true }),
    readAt: t.expose('read_at', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});
const NotificationConnection = defineConnection(builder, 'Notification', Notification);

builder.objectFields(Viewer, (t) => ({
  notifications: t.field({
    type: NotificationConnection,
    description: 'Newest first.',
    args: { unreadOnly: t.arg.boolean({ required: false, defaultValue: false }), ...pageArguments },
    resolve: ({ id }, { unreadOnly, ...page }, { loaders }) =>
      loaders.notifications.load({ parent: id, unreadOnly: unreadOnly ?? false, ...pageArgs(page) }),
  }),
  unreadCount: t.int({
    resolve: async ({ id }, _args, { loaders }) => Number((await loaders.unread.load(id))?.unread ?? 0n),
  }),
}));

const MarkNotificationsReadInput = builder.inputType('MarkNotificationsReadInput', {
  fields: (t) => ({ ids: t.idList() }),
});

builder.mutationField('markNotificationsRead', (t) =>
  t.field({
    type: ViewerPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: MarkNotificationsReadInput }) },
    resolve: (_root, { input }, context) => mutate(context, markNotificationsRead, input),
  }),
);
