import { pageArgs, type Payload } from '@banyan/kit/graphql';
import { builder, CoursesUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import { findSessionPage, sessionStates } from '../db/live-sessions.ts';
import { changeSessionState } from '../domain/change-session-state.ts';
import { mayBeSeenBy } from '../domain/course-states.ts';
import { scheduleSession } from '../domain/schedule-session.ts';
import { change } from './change.ts';
import { existing } from './existing.ts';
import { Course, LiveSession, LiveSessionConnection } from './refs.ts';

const LiveSessionStateEnum = builder.enumType('LiveSessionState', { values: sessionStates });

LiveSession.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    course: t.field({
      type: Course,
      resolve: (session, _args, { loaders }) => existing(loaders.course.load(session.course_id)),
    }),
    state: t.expose('state', { type: LiveSessionStateEnum }),
    startsAt: t.expose('starts_at', { type: 'DateTime' }),
    endedAt: t.expose('ended_at', { type: 'DateTime', nullable: true }),
  }),
});

async function visibleSession(id: string, { loaders, caller }: Context) {
  const session = await loaders.session.load(id);
  if (session === null) return null;
  const course = { state: session.course_state, owner_id: session.owner_id };
  return mayBeSeenBy(course, caller.subject) ? session : null;
}

builder.asEntity(LiveSession, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => visibleSession(id, context),
});

builder.queryFields((t) => ({
  liveSession: t.field({
    type: LiveSession,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, context) => visibleSession(id, context),
  }),
  liveSessions: t.field({
    type: LiveSessionConnection,
    description: 'What is over the latest first, everything else the earliest.',
    args: {
      state: t.arg({ type: LiveSessionStateEnum, required: false, defaultValue: 'LIVE' }),
      first: t.arg.int({ required: false, defaultValue: 20 }),
      after: t.arg.string({ required: false }),
    },
    resolve: (_root, args, { db }) => findSessionPage(db, args.state ?? 'LIVE', pageArgs(args)),
  }),
}));

const LiveSessionPayload = builder.objectRef<Payload<{ sessionId: string }>>('LiveSessionPayload').implement({
  fields: (t) => ({
    session: t.field({
      type: LiveSession,
      nullable: true,
      resolve: ({ sessionId }, _args, { loaders }) =>
        sessionId === undefined ? null : loaders.session.load(sessionId),
    }),
    userErrors: t.expose('userErrors', { type: [CoursesUserError] }),
  }),
});

const ScheduleSessionInput = builder.inputType('ScheduleSessionInput', {
  fields: (t) => ({ courseId: t.id(), startsAt: t.field({ type: 'DateTime' }), idempotencyKey: t.string() }),
});
const ChangeSessionStateInput = builder.inputType('ChangeSessionStateInput', {
  fields: (t) => ({ sessionId: t.id(), state: t.field({ type: LiveSessionStateEnum }) }),
});

builder.mutationFields((t) => ({
  scheduleSession: t.field({
    type: LiveSessionPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: ScheduleSessionInput }) },
    resolve: (_root, { input }, context) => change(context, scheduleSession, input),
  }),
  changeSessionState: t.field({
    type: LiveSessionPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: ChangeSessionStateInput }) },
    resolve: (_root, { input }, context) => change(context, changeSessionState, input),
  }),
}));
