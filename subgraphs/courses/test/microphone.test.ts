import { sharedByTests } from '@banyan/kit/testing';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { etaSeconds, usualTurnSeconds } from '../src/domain/mic-queue.ts';
import { mayBecome } from '../src/domain/session-states.ts';
import { sessionStates } from '../src/db/live-sessions.ts';
import { newPerson, startCourses, type Teacher } from './support.ts';

let teacher: Teacher;
let courseId: string;
let sessionId: string;
const courses = await sharedByTests(startCourses());
beforeEach(async () => {
  teacher = await courses.addTeacher();
  courseId = await courses.addCourse(teacher);
  sessionId = await courses.addLiveSession(teacher, courseId);
});

interface Mic {
  entry: { id: string; state: string; firstTime: boolean; turnEndsAt: string | null } | null;
  place: { position: number; etaSeconds: number | null } | null;
}
const selection = 'entry { id state firstTime turnEndsAt } place { position etaSeconds }';

async function learner() {
  const person = newPerson();
  await courses.act('enrol', { courseId, idempotencyKey: 'k' }, person);
  return person;
}
const raise = (as: { id: string }) => courses.act<Mic>('raiseHand', { sessionId }, as, selection);
async function raised(as: { id: string }): Promise<string> {
  const { entry, userErrors } = await raise(as);
  if (entry === null) throw new Error(JSON.stringify(userErrors));
  return entry.id;
}
const turn = (mutation: string, entryId: string, as: { id: string }, seconds?: number) =>
  courses.act<Mic>(mutation, { entryId, ...(seconds !== undefined && { seconds }) }, as, selection);
async function queue(as: { id: string } | null = null) {
  const { data } = await courses.ask<{
    liveSession: {
      micQueue: { nodes: { id: string; user: { id: string } }[]; totalCount: number; version: string };
      myMicPlace: { position: number; etaSeconds: number } | null;
    };
  }>(
    `query ($id: ID!) { liveSession(id: $id) {
      micQueue { nodes { id user { id } } totalCount version } myMicPlace { position etaSeconds } } }`,
    { id: sessionId },
    as,
  );
  return data.liveSession;
}
const order = async () => (await queue()).micQueue.nodes.map((node) => node.user.id);

test('hands stand in the order in which they went up, and each knows its place', async () => {
  const [a, b] = [await learner(), await learner()];
  const first = await raise(a);
  const second = await raise(b);
  expect(first.place).toEqual({ position: 1, etaSeconds: 0 });
  expect(second.place).toEqual({ position: 2, etaSeconds: usualTurnSeconds });
  expect(await order()).toEqual([a.id, b.id]);
  expect((await queue(b)).myMicPlace).toEqual({ position: 2, etaSeconds: usualTurnSeconds });
  expect((await queue()).myMicPlace).toBeNull();
});

test('who has not spoken yet comes before who has', async () => {
  const [a, b, c] = [await learner(), await learner(), await learner()];
  const entry = await raised(a);
  await turn('inviteToMic', entry, teacher);
  await turn('endMicTurn', entry, a);
  await raised(a);
  await raised(b);
  await raised(c);
  expect(await order()).toEqual([b.id, c.id, a.id]);
  expect((await queue(a)).myMicPlace?.position).toBe(3);
});

test('the wait is reckoned from the turn that runs and what turns took', async () => {
  const [a, b, c, d] = [await learner(), await learner(), await learner(), await learner()];
  const first = await raised(a);
  const second = await raised(b);
  await raised(c);
  await raised(d);
  const begin = courses.clock.now.getTime();
  await turn('inviteToMic', first, teacher, 60);
  courses.clock.now = new Date(begin + 40_000);
  // Whoever has the microphone has spoken when the next gets it: a turn of 40 seconds.
  await turn('inviteToMic', second, teacher, 60);
  courses.clock.now = new Date(begin + 50_000);
  expect((await queue(b)).myMicPlace).toEqual({ position: 0, etaSeconds: 0 });
  expect((await queue(c)).myMicPlace).toEqual({ position: 1, etaSeconds: 50 });
  expect((await queue(d)).myMicPlace).toEqual({ position: 2, etaSeconds: 90 });
});

test('every change of the queue has a version of its own', async () => {
  const [a, b] = [await learner(), await learner()];
  const versions = [(await queue()).micQueue.version];
  const note = async () => versions.push((await queue()).micQueue.version);
  const entry = await raised(a);
  await note();
  await raised(b);
  await note();
  await turn('inviteToMic', entry, teacher);
  await note();
  await turn('skipMicTurn', entry, teacher);
  await note();
  await courses.act('lowerHand', { sessionId }, b);
  await note();
  await courses.act('lowerHand', { sessionId }, b);
  await note();
  expect(versions).toEqual(['0', '1', '2', '3', '4', '5', '5']);
  expect(await queue()).toMatchObject({ micQueue: { nodes: [], totalCount: 0 } });
});

test('only the instructor invites and skips; who speaks may end the own turn', async () => {
  const [a, b] = [await learner(), await learner()];
  const entry = await raised(a);
  expect((await turn('inviteToMic', entry, b)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  expect((await turn('skipMicTurn', entry, b)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  const invited = await turn('inviteToMic', entry, teacher, 60);
  expect(invited.entry).toMatchObject({
    state: 'ON_AIR',
    turnEndsAt: new Date(courses.clock.now.getTime() + 60_000).toISOString(),
  });
  expect((await turn('endMicTurn', entry, b)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  expect((await turn('endMicTurn', entry, a)).entry?.state).toBe('DONE');
  expect((await turn('endMicTurn', entry, a)).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
});

test('who is not enrolled, or raises twice, or comes too late, is told so', async () => {
  const a = await learner();
  expect((await raise(newPerson())).userErrors).toMatchObject([{ code: 'NOT_ENROLLED' }]);
  const both = await Promise.all([raise(a), raise(a)]);
  expect(both.flatMap((answer) => answer.userErrors.map((error) => error.code))).toEqual(['ALREADY_QUEUED']);
  await courses.act('changeSessionState', { sessionId, state: 'ENDED' }, teacher);
  expect((await raise(await learner())).userErrors).toMatchObject([{ code: 'SESSION_NOT_LIVE' }]);
});

test('when the session ends the queue is empty, and who was speaking has spoken', async () => {
  const [a, b] = [await learner(), await learner()];
  await turn('inviteToMic', await raised(a), teacher);
  await raised(b);
  await courses.act('changeSessionState', { sessionId, state: 'ENDED' }, teacher);
  expect((await queue()).micQueue).toMatchObject({ nodes: [], totalCount: 0 });
  expect(await courses.told(sessionId)).toEqual([
    { type: 'session.spoke', payload: { userId: a.id, sessionId, courseId } },
  ]);
});

test('many hands at once are one queue without gaps', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, learner));
  const answers = await Promise.all(people.map(raise));
  expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
  const places = await Promise.all(
    people.map(async (each) => (await queue(each)).myMicPlace?.position ?? -1),
  );
  expect(places.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  expect((await queue()).micQueue).toMatchObject({ totalCount: 12, version: '12' });
});

test('a wait is never negative and grows with the position', () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.integer({ min: -900, max: 900 }),
      fc.option(fc.nat(900)),
      (position, left, average) => {
        const at = (place: number) =>
          etaSeconds({ position: place, turnLeftSeconds: left, averageTurnSeconds: average });
        expect(at(position)).toBeGreaterThanOrEqual(0);
        expect(at(position + 1)).toBeGreaterThanOrEqual(at(position));
      },
    ),
  );
});

test('a mutation shows what it changed, also where the operation had looked before', async () => {
  const a = await learner();
  const { data } = await courses.ask(
    `mutation ($s: ID!) {
      raise: raiseHand(input: { sessionId: $s }) { place { position } }
      lower: lowerHand(input: { sessionId: $s }) { entry { state } place { position } }
    }`,
    { s: sessionId },
    a,
  );
  expect(data).toEqual({
    raise: { place: { position: 1 } },
    lower: { entry: { state: 'LEFT' }, place: null },
  });
});

test('a session goes SCHEDULED, LIVE, ENDED or is cancelled before it begins, and no other way', () => {
  const moves = sessionStates.flatMap((from) =>
    sessionStates.filter((to) => mayBecome(from, to)).map((to) => `${from} ${to}`),
  );
  expect(moves).toEqual(['SCHEDULED LIVE', 'SCHEDULED CANCELLED', 'LIVE ENDED']);
});

test('a state that a session cannot take is refused', async () => {
  const back = await courses.act('changeSessionState', { sessionId, state: 'SCHEDULED' }, teacher);
  expect(back.userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'state'] }]);
  expect(await courses.codes('changeSessionState', { sessionId, state: 'ENDED' }, newPerson())).toEqual([
    'FORBIDDEN',
  ]);
});

// The last of the file: the process that the others spoke to is gone then.
test('the queue is there after a restart', async () => {
  const [a, b] = [await learner(), await learner()];
  await raise(a);
  await raise(b);
  const restarted = await courses.restart();
  const { data } = await restarted.ask(
    'query ($id: ID!) { liveSession(id: $id) { micQueue { nodes { user { id } } version } myMicPlace { position } } }',
    { id: sessionId },
    b,
  );
  expect(data).toEqual({
    liveSession: {
      micQueue: { nodes: [{ user: { id: a.id } }, { user: { id: b.id } }], version: '2' },
      myMicPlace: { position: 2 },
    },
  });
});
