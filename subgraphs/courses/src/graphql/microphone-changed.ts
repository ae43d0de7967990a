import { shownError } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { LiveSessionRow } from '../db/live-sessions.ts';
import { mayBeSeenBy } from '../domain/course-states.ts';
import { MicPlace } from './microphone.ts';
import { LiveSession, MicQueueEntry } from './refs.ts';

const MicQueueChange = builder.objectRef<LiveSessionRow>('MicQueueChange').implement({
  description: 'The queue for the microphone after a change.',
  fields: (t) => ({
    version: t.expose('mic_version', {
      type: 'BigInt',
      description:
        'Grows by one with every change of the queue. Changes in quick succession are told as one: what has a gap, read from session.micQueue.',
    }),
    session: t.field({ type: LiveSession, resolve: (session) => session }),
    entry: t.field({
      type: MicQueueEntry,
      nullable: true,
      description: 'The entry that changed last; null while nobody has raised a hand.',
      resolve: ({ id }, _args, { loaders }) => loaders.lastMicChange.load(id),
    }),
    waiting: t.int({
      description: 'How many wait, beside who speaks.',
      resolve: async ({ id }, _args, { loaders }) => Number(await loaders.micWaiting.load(id)),
    }),
    myPlace: t.field({
      type: MicPlace,
      nullable: true,
      resolve: ({ id }, _args, { loaders }) => loaders.ownMicPlace.load(id),
    }),
  }),
});

builder.subscriptionField('micQueueChanged', (t) =>
  t.field({
    type: MicQueueChange,
    description: 'The queue of a session, at once and after each change.',
    args: { sessionId: t.arg.id() },
    subscribe: (_root, { sessionId }, { changes }) => changes.micQueues.follow(sessionId),
    resolve: ({ value: session }, _args, { caller }) => {
      const course = session && { state: session.course_state, owner_id: session.owner_id };
      if (session === null || course === null || !mayBeSeenBy(course, caller.subject))
        throw shownError('NOT_FOUND', 'There is no such session.');
      return session;
    },
  }),
);
