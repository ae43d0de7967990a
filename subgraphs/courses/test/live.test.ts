import { newId } from '@banyan/kit/graphql';
import type { SubscriptionLine } from '@banyan/kit/hop';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { reckonHotSearch } from '../src/domain/reckon-hot-search.ts';
import { newPerson, scheduleSession, startCourses } from './support.ts';

const courses = await sharedByTests(startCourses());
const teacher = await courses.addTeacher();
const courseId = await courses.addCourse(teacher);

const micQueue = `subscription ($id: ID!) {
  micQueueChanged(sessionId: $id) {
    version waiting entry { user { id } state } myPlace { position }
    session { micQueue { version nodes { user { id } } } }
  } }`;

interface Queue {
  version: string;
  waiting: number;
  entry: { user: { id: string }; state: string } | null;
  myPlace: { position: number } | null;
  session: { micQueue: { version: string; nodes: { user: { id: string } }[] } };
}

function dataOf<Data>(line: SubscriptionLine | undefined): Data {
  if (line?.kind !== 'next') throw new Error(JSON.stringify(line));
  return (line.response as { data: Data }).data;
}
const queueIn = (line: SubscriptionLine | undefined) =>
  dataOf<{ micQueueChanged: Queue }>(line).micQueueChanged;

async function learner() {
  const person = newPerson();
  await courses.act('enrol', { courseId, idempotencyKey: newId('key') }, person);
  return person;
}
async function raiseHand(sessionId: string, person: { id: string }): Promise<string> {
  const { entry } = await courses.act<{ entry: { id: string } | null }>(
    'raiseHand',
    { sessionId },
    person,
    'entry { id }',
  );
  if (entry === null) throw new Error('The hand did not go up.');
  return entry.id;
}

test('hands and turns are told as they come, with the whole queue and each one’s own place', async () => {
  const sessionId = await courses.addLiveSession(teacher, courseId);
  const [a, b] = [await learner(), await learner()];
  const own = await courses.subscribe(micQueue, { id: sessionId }, b);
  expect(queueIn(await own.next())).toMatchObject({ waiting: 0, entry: null, myPlace: null });

  const entryId = await raiseHand(sessionId, a);
  expect(queueIn(await own.next())).toMatchObject({
    waiting: 1,
    entry: { user: { id: a.id }, state: 'WAITING' },
  });
  await raiseHand(sessionId, b);
  const second = queueIn(await own.next());
  expect(second).toMatchObject({ waiting: 2, myPlace: { position: 2 } });
  expect(second.session.micQueue).toEqual({
    version: second.version,
    nodes: [{ user: { id: a.id } }, { user: { id: b.id } }],
  });

  await courses.act('inviteToMic', { entryId }, teacher);
  expect(queueIn(await own.next())).toMatchObject({
    waiting: 1,
    entry: { user: { id: a.id }, state: 'ON_AIR' },
    myPlace: { position: 1 },
  });
  own.end();
});

test('a stranger follows the queue of a public course, and sees no place', async () => {
  const sessionId = await courses.addLiveSession(teacher, courseId);
  await raiseHand(sessionId, await learner());
  const stream = await courses.subscribe(micQueue, { id: sessionId });
  expect(queueIn(await stream.next())).toMatchObject({ waiting: 1, myPlace: null });
  stream.end();
});

test('the queue of a draft is its instructor’s alone', async () => {
  const input = { title: 'Draft', summary: 'Not yet.', craft: 'VOCAL', idempotencyKey: newId('key') };
  const made = await courses.act<{ course: { id: string } }>('createCourse', input, teacher, 'course { id }');
  const startsAt = new Date(courses.clock.now.getTime() + 60_000).toISOString();
  const session = { courseId: made.course.id, startsAt, idempotencyKey: newId('key') };
  const { data } = await courses.ask<{ scheduleSession: { session: { id: string } } }>(
    scheduleSession,
    { input: session },
    teacher,
  );
  const id = data.scheduleSession.session.id;
  const own = await courses.subscribe(micQueue, { id }, teacher);
  expect(queueIn(await own.next())).toMatchObject({ waiting: 0 });
  own.end();
  const refused = {
    kind: 'end',
    reason: 'refused',
    response: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
  };
  for (const as of [null, newPerson()]) {
    const stream = await courses.subscribe(micQueue, { id }, as);
    expect(await stream.next()).toMatchObject(refused);
  }
});

test('a course that is withdrawn takes its queue with it, from those who follow already', async () => {
  const session = await courses.addLiveSession(teacher, courseId);
  const stream = await courses.subscribe(micQueue, { id: session });
  await stream.next();
  await courses.db.updateTable('courses').set({ state: 'DRAFT' }).where('id', '=', courseId).execute();
  await courses.db
    .updateTable('live_sessions')
    .set((update) => ({ mic_version: update('mic_version', '+', 1n) }))
    .where('id', '=', session)
    .execute();
  expect(await stream.next()).toMatchObject({ kind: 'end', reason: 'refused' });
  await courses.db.updateTable('courses').set({ state: 'PUBLISHED' }).where('id', '=', courseId).execute();
});

test('the hot search is told when it was reckoned anew', async () => {
  const hot = 'subscription { hotSearchChanged(first: 2) { name rank heatAsOf } }';
  const topicsIn = (line: SubscriptionLine | undefined) =>
    dataOf<{ hotSearchChanged: { name: string; rank: number; heatAsOf: string }[] }>(line).hotSearchChanged;
  const stream = await courses.subscribe(hot);
  expect(topicsIn(await stream.next())).toEqual([]);
  for (const topics of [['红歌', '剪纸'], ['红歌']]) {
    const input = { kind: 'TEXT', body: '今天', topics, idempotencyKey: newId('key') };
    await courses.act('createPost', input, newPerson());
  }
  courses.clock.now = new Date(courses.clock.now.getTime() + 60_000);
  await reckonHotSearch(courses.app.services);
  const topics = topicsIn(await stream.next());
  expect(topics.map(({ name, rank }) => [rank, name])).toEqual([
    [1, '红歌'],
    [2, '剪纸'],
  ]);
  stream.end();
});
