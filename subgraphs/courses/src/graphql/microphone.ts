import { pageArgs, type Payload } from '@banyan/kit/graphql';
import { builder, CoursesUserError } from '../builder.ts';
import type { Page } from '@banyan/kit/database';
import { micStates, type MicEntryRow, type PlacedEntry } from '../db/mic-entries.ts';
import { endMicTurn, inviteToMic, skipMicTurn } from '../domain/change-mic-turn.ts';
import { lowerHand } from '../domain/lower-hand.ts';
import { etaSeconds } from '../domain/mic-queue.ts';
import { raiseHand } from '../domain/raise-hand.ts';
import { change } from './change.ts';
import { counted, totalOf } from './counted-page.ts';
import { LiveSession, MicQueueConnection, MicQueueEntry, User } from './refs.ts';

const MicStateEnum = builder.enumType('MicState', { values: micStates });

MicQueueEntry.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    user: t.field({ type: User, nullable: true, resolve: (entry) => ({ id: entry.user_id }) }),
    raisedAt: t.expose('raised_at', { type: 'DateTime' }),
    firstTime: t.exposeBoolean('first_time', {
      description: 'Had not spoken in this session when the hand went up; comes before those who had.',
    }),
    state: t.expose('state', { type: MicStateEnum }),
    turnEndsAt: t.expose('turn_ends_at', { type: 'DateTime', nullable: true }),
  }),
});

/** 0 for who speaks. */
const positionOf = (place: PlacedEntry) => (place.state === 'ON_AIR' ? 0 : Number(place.waiting));

export const MicPlace = builder.objectRef<PlacedEntry>('MicPlace').implement({
  fields: (t) => ({
    entry: t.field({ type: MicQueueEntry, resolve: (place): MicEntryRow => place }),
    position: t.int({ description: 'The next is 1, who speaks is 0.', resolve: positionOf }),
    etaSeconds: t.int({
      nullable: true,
      description: 'The rest of the turn that runs, and an average turn for each who is before.',
      resolve: (place, _args, { now }) =>
        etaSeconds({
          position: positionOf(place),
          turnLeftSeconds: ((place.air_turn_ends_at?.getTime() ?? 0) - now().getTime()) / 1_000,
          averageTurnSeconds: place.average_turn_seconds,
        }),
    }),
  }),
});

/** A page of a queue, of a version: the session was read before the page, so the page is never older. */
type QueuePage = Page<MicEntryRow> & { version: bigint };

builder.objectFields(MicQueueConnection, (t) => ({
  totalCount: t.int({
    description: 'Who waits and who speaks.',
    resolve: async (page) => Number(await totalOf(page)),
  }),
  version: t.field({
    type: 'BigInt',
    description: 'Grows by one with every change of the queue.',
    resolve: (page) => (page as QueuePage).version,
  }),
}));

builder.objectFields(LiveSession, (t) => ({
  micQueue: t.field({
    type: MicQueueConnection,
    description: 'Who speaks, then those who have not spoken yet, then the others, each as the hand went up.',
    args: {
      first: t.arg.int({ required: false, defaultValue: 50 }),
      after: t.arg.string({ required: false }),
    },
    resolve: async (session, args, { loaders }) => {
      const page = await loaders.micQueue.load({ parent: session.id, ...pageArgs(args) });
      const version = session.mic_version;
      return { ...counted(page, () => loaders.micTotal.load(session.id)), version };
    },
  }),
  myMicPlace: t.field({
    type: MicPlace,
    nullable: true,
    resolve: (session, _args, { loaders }) => loaders.ownMicPlace.load(session.id),
  }),
}));

const MicPayload = builder
  .objectRef<Payload<{ entryId: string; sessionId: string }>>('MicPayload')
  .implement({
    fields: (t) => ({
      entry: t.field({
        type: MicQueueEntry,
        nullable: true,
        resolve: ({ entryId }, _args, { loaders }) =>
          entryId === undefined ? null : loaders.micEntry.load(entryId),
      }),
      place: t.field({
        type: MicPlace,
        nullable: true,
        description: 'The caller’s own place.',
        resolve: ({ sessionId }, _args, { loaders }) =>
          sessionId === undefined ? null : loaders.ownMicPlace.load(sessionId),
      }),
      userErrors: t.expose('userErrors', { type: [CoursesUserError] }),
    }),
  });

const SessionInput = builder.inputType('SessionInput', { fields: (t) => ({ sessionId: t.id() }) });
const MicEntryInput = builder.inputType('MicEntryInput', {
  fields: (t) => ({ entryId: t.id(), seconds: t.int({ required: false }) }),
});

for (const [name, input, action] of [
  ['raiseHand', SessionInput, raiseHand],
  ['lowerHand', SessionInput, lowerHand],
  ['inviteToMic', MicEntryInput, inviteToMic],
  ['skipMicTurn', MicEntryInput, skipMicTurn],
  ['endMicTurn', MicEntryInput, endMicTurn],
] as const) {
  builder.mutationField(name, (t) =>
    t.field({
      type: MicPayload,
      authScopes: { signedIn: true },
      args: { input: t.arg({ type: input as typeof MicEntryInput }) },
      resolve: (_root, args, context) => change(context, action, args.input),
    }),
  );
}
