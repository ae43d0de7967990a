import { inTransaction } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import { addJob } from '@banyan/kit/jobs';
import { hasRedis, sharedByTests } from '@banyan/kit/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { heatFormula, heatMinute, type HeatKind } from '../src/domain/heat-formula.ts';
import { hotSearchKey, readHotSearch } from '../src/domain/read-hot-search.ts';
import { reckonHotSearch } from '../src/domain/reckon-hot-search.ts';
import { createHotSearchJobs, reckonTask } from '../src/jobs/hot-search.ts';
import { newPerson, startCourses } from './support.ts';

const hourMs = 3_600_000;
/** A full hour, so that what a test does in ten minutes lies in one. */
const begin = new Date('2026-03-01T08:00:00Z');

const courses = await sharedByTests(startCourses());

let daysOn = 0;
beforeEach(() => {
  // Each test lives a month later than the one before, where nothing of it is warm.
  daysOn += 30;
  at(0);
});
const start = () => new Date(begin.getTime() + daysOn * 24 * hourMs);
function at(hours: number): Date {
  courses.clock.now = new Date(start().getTime() + hours * hourMs);
  return courses.clock.now;
}
const reckonAt = async (hours: number) => {
  at(hours);
  await reckonHotSearch(courses.app.services);
};

async function write(topics: string[], as = newPerson()): Promise<string> {
  const input = { kind: 'TEXT', body: '今天', topics, idempotencyKey: newId('key') };
  const { post, userErrors } = await courses.act<{ post: { id: string } | null }>(
    'createPost',
    input,
    as,
    'post { id }',
  );
  if (post === null) throw new Error(JSON.stringify(userErrors));
  return post.id;
}
const comment = (parentId: string, as = newPerson()) =>
  courses.act('createPost', { parentId, kind: 'TEXT', body: '好', idempotencyKey: newId('key') }, as);
const praise = (postId: string, as = newPerson()) => courses.act('praise', { postId }, as);

interface Shown {
  name: string;
  heat: string;
  rank: number | null;
  peakHeat: string;
  heatAsOf: string;
  heatParts: { kind: HeatKind; amount: number }[];
}
const fields = 'name heat rank peakHeat heatAsOf heatParts { kind amount }';
async function topic(name: string): Promise<Shown | null> {
  const { data } = await courses.ask<{ topic: Shown | null }>(
    `query ($name: String!) { topic(name: $name) { ${fields} } }`,
    { name },
  );
  return data.topic;
}
async function hotSearch(first = 50): Promise<Shown[]> {
  const { data } = await courses.ask<{ hotSearch: Shown[] }>(
    `query ($first: Int) { hotSearch(first: $first) { ${fields} } }`,
    { first },
  );
  return data.hotSearch;
}

/** The published formula in plain words, to hold the statement against. */
function heatOf(
  actions: readonly { who: string; kind: HeatKind; hour: number }[],
  asOfHours: number,
): number {
  const counted = new Map<string, { weight: number; hour: number }>();
  for (const { who, kind, hour } of actions) {
    const key = `${who} ${Math.floor(hour)}`;
    const weight = heatFormula.weights[kind];
    if (weight > (counted.get(key)?.weight ?? 0)) counted.set(key, { weight, hour });
  }
  let heat = 0;
  for (const { weight, hour } of counted.values())
    heat += weight * 2 ** (-(asOfHours - hour) / heatFormula.halfLifeHours);
  return heat;
}

test('heat is what the formula says, part by part', async () => {
  const name = '公式';
  const [author, a, b] = [newPerson(), newPerson(), newPerson()];
  const post = await write([name], author);
  at(1.25);
  await comment(post, a);
  at(3.5);
  await praise(post, b);
  await praise(post, a);
  await reckonAt(10);
  const shown = await topic(name);
  const part = (kind: HeatKind) => shown?.heatParts.find((each) => each.kind === kind)?.amount;
  expect(part('POST')).toBeCloseTo(heatOf([{ who: 'author', kind: 'POST', hour: 0 }], 10), 6);
  expect(part('COMMENT')).toBeCloseTo(heatOf([{ who: 'a', kind: 'COMMENT', hour: 1.25 }], 10), 6);
  expect(part('PRAISE')).toBeCloseTo(
    heatOf(
      [
        { who: 'a', kind: 'PRAISE', hour: 3.5 },
        { who: 'b', kind: 'PRAISE', hour: 3.5 },
      ],
      10,
    ),
    6,
  );
  const sum = shown?.heatParts.reduce((total, each) => total + each.amount, 0) ?? 0;
  expect(shown?.heat).toBe(String(Math.round(sum)));
  expect(shown?.heatAsOf).toBe(courses.clock.now.toISOString());
});

test('one person counts once per topic and hour, however busy, with the weightiest action', async () => {
  const bot = newPerson();
  const post = await write(['刷屏']);
  await praise(post, bot);
  for (let times = 0; times < 5; times += 1) await comment(post, bot);
  await write(['刷屏'], bot);
  await write(['刷屏'], bot);
  await reckonAt(0);
  expect(await topic('刷屏')).toMatchObject({ heat: String(2 * heatFormula.weights.POST) });
});

test('half of the heat is gone after the half-life, all of it after a week; the peak stays', async () => {
  await write(['渐凉']);
  await reckonAt(0);
  const { POST: weight } = heatFormula.weights;
  expect(await topic('渐凉')).toMatchObject({ heat: String(weight), peakHeat: String(weight), rank: 1 });
  await reckonAt(heatFormula.halfLifeHours);
  expect(await topic('渐凉')).toMatchObject({ heat: String(weight / 2), peakHeat: String(weight) });
  await reckonAt(heatFormula.windowHours + 1);
  expect(await topic('渐凉')).toMatchObject({ heat: '0', rank: null, peakHeat: String(weight) });
});

test('ranks and heat stand still within a minute and move with the next', async () => {
  await write(['先到']);
  await reckonAt(0);
  const before = await hotSearch();
  const late = await write(['后来']);
  await comment(late);
  at(0.009);
  expect(await reckonHotSearch(courses.app.services)).toBe(false);
  expect(await hotSearch()).toEqual(before);
  await reckonAt(1 / 60);
  expect((await hotSearch()).map(({ name, rank }) => ({ name, rank }))).toEqual([
    { name: '后来', rank: 1 },
    { name: '先到', rank: 2 },
  ]);
});

test('the hot search has fifty places and gives as many as are asked for', async () => {
  const words = Array.from({ length: 55 }, (_, index) => `话题${index}`);
  for (let from = 0; from < 55; from += 5) await write(words.slice(from, from + 5));
  await reckonAt(0);
  const all = await hotSearch();
  expect(all.map(({ rank }) => rank)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(await hotSearch(3)).toEqual(all.slice(0, 3));
});

test('what is hidden gives no heat', async () => {
  const post = await write(['广告']);
  await comment(post);
  await courses.act(
    'hidePost',
    { postId: post, reason: 'Advertising' },
    { ...newPerson(), roles: ['MODERATOR'] },
  );
  await reckonAt(0);
  expect(await topic('广告')).toMatchObject({ heat: String(heatFormula.weights.COMMENT) });
});

test('spellings of one name are one topic, found by name and by its entity keys', async () => {
  const post = await write(['#Brush  And Ink#', 'brush and ink']);
  const { data } = await courses.ask<{ post: { topics: { id: string; name: string }[] } }>(
    'query ($id: ID!) { post(id: $id) { topics { id name } } }',
    { id: post },
  );
  expect(data.post.topics).toMatchObject([{ name: 'brush and ink' }]);
  const id = data.post.topics[0]?.id;
  const entities = await courses.ask(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Topic { id posts(sort: NEW) { nodes { id } totalCount } } } }',
    {
      r: [
        { __typename: 'Topic', id },
        { __typename: 'Topic', name: 'BRUSH AND INK' },
        { __typename: 'Topic', name: 'nothing' },
      ],
    },
  );
  const found = { id, posts: { nodes: [{ id: post }], totalCount: '1' } };
  expect(entities.data).toEqual({ _entities: [found, found, null] });
});

describe('with or without shared copies', () => {
  test('several processes reckon a minute once', async () => {
    await write(['并发']);
    at(0);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => reckonHotSearch(courses.app.services)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  test('the job reckons, also when it runs twice', async () => {
    await write(['定时']);
    const { services, log } = courses.app;
    const jobs = createHotSearchJobs({ url: courses.databaseUrl, services, log });
    for (let runs = 0; runs < 2; runs += 1) {
      await inTransaction(courses.db, (trx) => addJob(trx, reckonTask, {}));
      await jobs.drain();
    }
    expect(await topic('定时')).toMatchObject({ rank: 1 });
  });

  test('the answer is the same', async () => {
    await write(['一样']);
    await reckonAt(0);
    const { services } = courses.app;
    const copy = await services.hotSearchCopies.get(hotSearchKey);
    expect(copy?.value[0]?.heat_as_of).toEqual(hasRedis() ? heatMinute(courses.clock.now) : undefined);
    const none = { get: async () => null, set: async () => undefined };
    const without = await readHotSearch({ ...services, hotSearchCopies: none });
    expect(await readHotSearch(services)).toEqual(without);
    // A copy of an earlier minute is not taken for the present.
    at(1);
    await courses.db.updateTable('topics').set({ name: '改名' }).where('name_key', '=', '一样').execute();
    expect((await readHotSearch(services))[0]?.name).toBe('改名');
  });
});
