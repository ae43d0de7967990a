import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { newPerson, startCourses } from './support.ts';

const courses = await sharedByTests(startCourses());
const teacher = await courses.addTeacher();
const courseId = await courses.addCourse(teacher);
const sessionId = await courses.addLiveSession(teacher, courseId);

const nul = 'a\0b';
const garbage = [
  '',
  nul,
  'crs_',
  'x'.repeat(5_000),
  `crs_${'z'.repeat(26)}`,
  '../../etc/passwd',
  '名字',
  '😀',
];

describe('an id that is none', () => {
  test.each(garbage)('finds nothing (%#)', async (id) => {
    const answer = await courses.ask(
      `query ($id: ID!, $name: String!) { course(id: $id) { id } liveSession(id: $id) { id } station(id: $id) { id } post(id: $id) { id }
        topic(name: $name) { id } }`,
      { id, name: id },
      teacher,
    );
    expect(answer).toEqual({
      data: { course: null, liveSession: null, station: null, post: null, topic: null },
    });
  });

  test.each(garbage)('is no entity (%#)', async (id) => {
    const types = ['Course', 'Instructor', 'Enrolment', 'LiveSession', 'Station', 'Topic', 'Post'];
    const answer = await courses.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on User { posts { nodes { id } } } } }',
      { r: [...types, 'User'].map((name) => ({ __typename: name, id })) },
      teacher,
    );
    expect(answer.errors).toBeUndefined();
    expect((answer.data as { _entities: unknown[] })._entities.slice(0, -1)).toEqual(types.map(() => null));
  });

  test.each(garbage)('is a user error of a mutation (%#)', async (id) => {
    const key = { idempotencyKey: newId('key') };
    const codes = await Promise.all([
      courses.codes('enrol', { courseId: id, ...key }, teacher),
      courses.codes('leaveCourse', { courseId: id }, teacher),
      courses.codes('updateCourse', { courseId: id, title: 'T' }, teacher),
      courses.codes('raiseHand', { sessionId: id }, teacher),
      courses.codes('inviteToMic', { entryId: id }, teacher),
      courses.codes('joinStation', { stationId: id }, teacher),
      courses.codes('praise', { postId: id }, teacher),
      courses.codes('createPost', { stationId: id, kind: 'TEXT', body: 'x', ...key }, teacher),
    ]);
    expect(new Set(codes.flat())).toEqual(new Set(['INVALID_INPUT']));
  });
});

test('an id of a thing that does not exist is NOT_FOUND', async () => {
  expect(await courses.codes('enrol', { courseId: newId('crs'), idempotencyKey: 'k' }, teacher)).toEqual([
    'NOT_FOUND',
  ]);
  expect(await courses.codes('joinStation', { stationId: newId('stn') }, teacher)).toEqual(['NOT_FOUND']);
  expect(await courses.codes('raiseHand', { sessionId: newId('ses') }, teacher)).toEqual(['NOT_FOUND']);
  expect(await courses.codes('skipMicTurn', { entryId: newId('mic') }, teacher)).toEqual(['NOT_FOUND']);
  expect(await courses.codes('praise', { postId: newId('pst') }, teacher)).toEqual(['NOT_FOUND']);
});

describe('a cursor that is none', () => {
  const cursors = ['', 'garbage', nul, Buffer.from('["x"]').toString('base64url'), 'x'.repeat(3_000)];
  test.each([
    'courses(first: 2, after: $after) { nodes { id } }',
    'liveSessions(after: $after) { nodes { id } }',
    'course(id: $id) { sessions(after: $after) { nodes { id } } }',
    'course(id: $id) { station { posts(after: $after) { nodes { id } } } }',
    'course(id: $id) { instructor { courses(after: $after) { nodes { id } } } }',
  ])('is refused: %s', async (selection) => {
    const query = `query ($after: String, $id: ID!) { ${selection} ${selection.includes('$id') ? '' : 'course(id: $id) { id }'} }`;
    for (const after of cursors) {
      const answer = await courses.ask(query, { after, id: courseId });
      expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
  });

  test('is refused also where it belongs to another list', async () => {
    const page = await courses.ask<{ liveSessions: { pageInfo: { endCursor: string } } }>(
      '{ liveSessions { pageInfo { endCursor } } }',
    );
    const after = page.data.liveSessions.pageInfo.endCursor;
    const answer = await courses.ask('query ($after: String) { courses(after: $after) { nodes { id } } }', {
      after,
    });
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

test.each([0, -1, 101, 2_000_000_000])('a page of %i is refused', async (first) => {
  for (const selection of ['courses(first: $first) { nodes { id } }', 'hotSearch(first: $first) { id }']) {
    const answer = await courses.ask(`query ($first: Int) { ${selection} }`, { first });
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  }
});

test.each([nul, 'x'.repeat(101)])('a search that is no text is refused (%#)', async (search) => {
  const answer = await courses.ask('query ($s: String) { courses(search: $s) { nodes { id } } }', {
    s: search,
  });
  expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

describe('a course', () => {
  const good = { title: 'T', summary: 'S', craft: 'DANCE' };
  test.each([
    ['a negative capacity', { capacity: -1 }, ['input', 'capacity']],
    ['no seat at all', { capacity: 0 }, ['input', 'capacity']],
    ['more seats than there are people', { capacity: 2_000_000_000 }, ['input', 'capacity']],
    ['an empty title', { title: '  ' }, ['input', 'title']],
    ['a title without end', { title: '长'.repeat(61) }, ['input', 'title']],
    ['a NUL in its summary', { summary: nul }, ['input', 'summary']],
    ['a key with a NUL', { idempotencyKey: nul }, ['input', 'idempotencyKey']],
    ['a key without end', { idempotencyKey: 'k'.repeat(101) }, ['input', 'idempotencyKey']],
  ])('with %s is refused', async (_what, wrong, field) => {
    const before = await courses.db.selectFrom('courses').select('id').execute();
    const { userErrors } = await courses.act(
      'createCourse',
      { ...good, idempotencyKey: newId('key'), ...wrong },
      teacher,
    );
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field }]);
    expect(await courses.db.selectFrom('courses').select('id').execute()).toHaveLength(before.length);
  });

  test('of an unknown craft, or with half a seat, does not get past the schema', async () => {
    for (const wrong of [{ craft: 'MAGIC' }, { capacity: 1.5 }, { capacity: 1e12 }]) {
      const answer = await courses.ask(
        'mutation ($input: CreateCourseInput!) { createCourse(input: $input) { userErrors { code } } }',
        { input: { ...good, idempotencyKey: 'k', ...wrong } },
        teacher,
      );
      expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

test.each(['2020-01-01T00:00:00Z', '9999-12-31T00:00:00Z'])(
  'a session at %s is refused',
  async (startsAt) => {
    const input = { courseId, startsAt, idempotencyKey: newId('key') };
    const { userErrors } = await courses.act('scheduleSession', input, teacher);
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'startsAt'] }]);
  },
);

describe('a post', () => {
  const { stationId } = { stationId: null };
  test.each([
    ['without words', { body: ' ' }, ['input', 'body']],
    ['without a body', {}, ['input', 'body']],
    ['with a NUL', { body: nul }, ['input', 'body']],
    ['without end', { body: 'x'.repeat(2_001) }, ['input', 'body']],
    ['with too many topics', { body: 'x', topics: ['a', 'b', 'c', 'd', 'e', 'f'] }, ['input', 'topics']],
    ['with a topic of nothing', { body: 'x', topics: ['###'] }, ['input', 'topics', '0']],
    ['with a NUL in a topic', { body: 'x', topics: [nul] }, ['input', 'topics', '0']],
    ['with a topic without end', { body: 'x', topics: ['x'.repeat(21)] }, ['input', 'topics', '0']],
  ])('%s is refused', async (_what, wrong, field) => {
    const input = { stationId, kind: 'TEXT', idempotencyKey: newId('key'), ...wrong };
    const { userErrors } = await courses.act('createPost', input, newPerson());
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field }]);
  });

  test('is shown as it was written, whatever the script', async () => {
    const body = "😀 قلب\u202e ¯\\_(ツ)_/¯ %s '; drop table posts; -- \ud83d";
    const { post } = await courses.act<{ post: { body: string } }>(
      'createPost',
      { kind: 'TEXT', body, idempotencyKey: 'k' },
      newPerson(),
      'post { body }',
    );
    expect(post.body).toBe(body.toWellFormed());
  });
});

test.each([
  ['setSlowMode', { seconds: -1 }],
  ['setSlowMode', { seconds: 86_401 }],
  ['muteInStation', { userId: nul, reason: 'x' }],
  ['muteInStation', { userId: 'usr_x', reason: nul }],
])('%s with %j is refused', async (mutation, wrong) => {
  expect(await courses.codes(mutation, { stationId: teacher.stationId, ...wrong }, teacher)).toEqual([
    'INVALID_INPUT',
  ]);
});

test.each([0, -5, 901])('a turn of %i seconds is refused', async (seconds) => {
  const learner = newPerson();
  await courses.act('enrol', { courseId, idempotencyKey: 'k' }, learner);
  const { entry } = await courses.act<{ entry: { id: string } }>(
    'raiseHand',
    { sessionId },
    learner,
    'entry { id }',
  );
  expect(await courses.codes('inviteToMic', { entryId: entry.id, seconds }, teacher)).toEqual([
    'INVALID_INPUT',
  ]);
});

test('who is not signed in changes nothing', async () => {
  const answer = await courses.ask(
    'mutation ($input: SessionInput!) { raiseHand(input: $input) { userErrors { code } } }',
    {
      input: { sessionId },
    },
  );
  expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
