import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createCourse,
  scheduleSession,
  startCourses,
  updateCourse,
  type CourseData,
  type Teacher,
} from './support.ts';

let teacher: Teacher;
const titles = {
  calligraphy: '从零开始学书法',
  vocal: '民歌合唱 Folk Songs',
  paper: '窗花剪纸',
  cafe: 'Café Piano for Everybody',
};

const courses = await sharedByTests(startCourses());
beforeAll(async () => {
  teacher = await courses.addTeacher();
  for (const [title, craft, summary] of [
    [titles.calligraphy, 'CALLIGRAPHY', '握笔、横竖撇捺。'],
    [titles.vocal, 'VOCAL', '大家一起唱，不用识谱。'],
    [titles.paper, 'PAPER_CUTTING', '一把剪刀一张红纸，100% 好学。'],
    [titles.cafe, 'KEYBOARD', 'Slow pieces, large print.'],
  ] as const) {
    await courses.addCourse(teacher, { title, craft, summary });
  }
});

interface Found {
  courses: { nodes: { title: string }[]; totalCount: string };
}
async function find(search: string): Promise<string[]> {
  const { data } = await courses.ask<Found>(
    'query ($search: String) { courses(search: $search) { nodes { title } totalCount } }',
    { search },
  );
  expect(data.courses.totalCount).toBe(String(data.courses.nodes.length));
  return data.courses.nodes.map((node) => node.title);
}

describe('a search finds a course', () => {
  test.each([
    ['by one Chinese character', '纸', [titles.paper]],
    ['by two Chinese characters', '书法', [titles.calligraphy]],
    ['by a longer piece', '零开始学', [titles.calligraphy]],
    ['by words of the summary', '识谱', [titles.vocal]],
    ['by a Latin word', 'piano', [titles.cafe]],
    ['without minding accents and capitals', 'CAFE', [titles.cafe]],
    ['in full width', 'ｐｉａｎｏ', [titles.cafe]],
    ['by a Latin word with a slip', 'caligraphy', [titles.calligraphy]],
    ['by two letters', 'fo', [titles.cafe, titles.vocal]],
    ['by all of several words', '合唱 folk', [titles.vocal]],
    ['by the craft in the other language', 'calligraphy', [titles.calligraphy]],
    ['with a percent sign as a percent sign', '100%', [titles.paper]],
  ])('%s', async (_how, search, expected) => {
    expect((await find(search)).toSorted()).toEqual(expected.toSorted());
  });

  test.each(['纸书', 'x%y', '_', '\\', "'; drop table courses; --", '%'])(
    'and not what is not there: %s',
    async (search) => {
      expect(await find(search)).toEqual(search === '%' ? [titles.paper] : []);
    },
  );

  test('in the title before those that only tell of it', async () => {
    await courses.addCourse(teacher, { title: '合唱入门', craft: 'VOCAL' });
    await courses.addCourse(teacher, { title: '发声练习', craft: 'VOCAL', summary: '为合唱作准备' });
    const found = await find('合唱');
    expect(found.slice(0, 2).toSorted()).toEqual([titles.vocal, '合唱入门'].toSorted());
    expect(found).toContain('发声练习');
  });
});

test('the catalogue can be narrowed to a craft and to what begins soon', async () => {
  const courseId = await courses.addCourse(teacher, { title: 'Yoga', craft: 'YOGA' });
  const day = 86_400_000;
  const startsAt = new Date(courses.clock.now.getTime() + 3 * day).toISOString();
  await courses.ask(scheduleSession, { input: { courseId, startsAt, idempotencyKey: 'k1' } }, teacher);
  const query =
    'query ($before: DateTime) { courses(craft: YOGA, startsBefore: $before) { nodes { title } totalCount } }';
  const before = (days: number) => new Date(courses.clock.now.getTime() + days * day).toISOString();
  const soon = await courses.ask<Found>(query, { before: before(2) });
  const later = await courses.ask<Found>(query, { before: before(4) });
  expect([soon.data.courses.nodes, later.data.courses.nodes]).toEqual([[], [{ title: 'Yoga' }]]);
});

test('pages follow each other without a gap', async () => {
  const query =
    'query ($after: String) { courses(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }';
  interface Pages {
    courses: { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
  }
  const all = await courses.ask<Pages>(
    '{ courses(first: 100) { nodes { id } pageInfo { endCursor hasNextPage } } }',
  );
  const seen: string[] = [];
  for (let after: string | null = null; ;) {
    const { data }: { data: Pages } = await courses.ask<Pages>(query, { after });
    seen.push(...data.courses.nodes.map((node) => node.id));
    if (!data.courses.pageInfo.hasNextPage) break;
    after = data.courses.pageInfo.endCursor;
  }
  expect(seen).toEqual(all.data.courses.nodes.map((node) => node.id));
});

describe('a course is made by a verified instructor', () => {
  const input = { title: 'T', summary: 'S', craft: 'DANCE' };

  test('and by nobody else', async () => {
    const unverified = await courses.addTeacher({ verified: false });
    for (const person of [unverified, { id: newId('usr') }]) {
      const { data } = await courses.ask<CourseData>(
        createCourse,
        { input: { ...input, idempotencyKey: 'k' } },
        person,
      );
      expect(data.createCourse).toMatchObject({ course: null, userErrors: [{ code: 'FORBIDDEN' }] });
    }
    const anonymous = await courses.ask(createCourse, { input: { ...input, idempotencyKey: 'k' } });
    expect(anonymous.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('once for a key, whoever asks again, also at the same time', async () => {
    const asked = { input: { ...input, idempotencyKey: 'same' } };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => courses.ask<CourseData>(createCourse, asked, teacher)),
    );
    expect(new Set(answers.map(({ data }) => data.createCourse?.course?.id)).size).toBe(1);
    const other = await courses.ask<CourseData>(
      createCourse,
      { input: { ...asked.input, title: 'Other' } },
      teacher,
    );
    expect(other.data.createCourse).toMatchObject({
      course: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] }],
    });
    const another = await courses.addTeacher();
    const theirs = await courses.ask<CourseData>(createCourse, asked, another);
    expect(theirs.data.createCourse?.userErrors).toEqual([]);
  });

  test('and is a draft that only the instructor sees, until it is published', async () => {
    const made = await courses.ask<CourseData>(
      createCourse,
      { input: { ...input, title: '草稿 Draft', idempotencyKey: 'draft' } },
      teacher,
    );
    const id = made.data.createCourse?.course?.id;
    const look = 'query ($id: ID!) { course(id: $id) { state } }';
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Course { state } } }';
    const variables = { id, r: [{ __typename: 'Course', id }] };
    expect((await courses.ask(look, variables)).data).toEqual({ course: null });
    expect((await courses.ask(entity, variables)).data).toEqual({ _entities: [null] });
    expect((await courses.ask(look, variables, teacher)).data).toEqual({ course: { state: 'DRAFT' } });
    expect(await find('草稿')).toEqual([]);
    const stranger = await courses.addTeacher();
    const publish = { input: { courseId: id, state: 'PUBLISHED' } };
    expect((await courses.ask(updateCourse, publish, stranger)).data).toMatchObject({
      updateCourse: { userErrors: [{ code: 'NOT_FOUND' }] },
    });
    await courses.ask(updateCourse, publish, teacher);
    expect(await find('草稿')).toEqual(['草稿 Draft']);
    expect((await courses.ask(updateCourse, publish, stranger)).data).toMatchObject({
      updateCourse: { userErrors: [{ code: 'FORBIDDEN' }] },
    });
    const back = await courses.ask(updateCourse, { input: { courseId: id, state: 'DRAFT' } }, teacher);
    expect(back.data).toMatchObject({
      updateCourse: { userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'state'] }] },
    });
  });
});
