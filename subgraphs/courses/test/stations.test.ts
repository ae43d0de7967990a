import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { findUntrustedLink } from '../src/domain/link-guard.ts';
import { newPerson, startCourses, type Teacher } from './support.ts';

let teacher: Teacher;
let stationId: string;
const courses = await sharedByTests(startCourses());
beforeEach(async () => {
  teacher = await courses.addTeacher();
  stationId = teacher.stationId;
});

async function member() {
  const person = newPerson();
  await courses.act('joinStation', { stationId }, person);
  return person;
}
interface Written {
  post: { id: string; body: string | null } | null;
}
const write = (as: { id: string }, input: Record<string, unknown> = {}) =>
  courses.act<Written>(
    'createPost',
    { stationId, kind: 'TEXT', body: 'Hello', idempotencyKey: newId('key'), ...input },
    as,
    'post { id body }',
  );
async function written(as: { id: string }, input: Record<string, unknown> = {}): Promise<string> {
  const { post, userErrors } = await write(as, input);
  if (post === null) throw new Error(JSON.stringify(userErrors));
  return post.id;
}
async function posts(sort = 'NEW') {
  const { data } = await courses.ask<{ station: { posts: { nodes: { id: string }[]; totalCount: string } } }>(
    'query ($id: ID!, $sort: PostSort) { station(id: $id) { posts(sort: $sort) { nodes { id } totalCount } } }',
    { id: stationId, sort },
  );
  return data.station.posts;
}

test('members are counted once each, also when they all come at the same time', async () => {
  const people = Array.from({ length: 8 }, newPerson);
  const joins = [...people, ...people].map((person) => courses.act('joinStation', { stationId }, person));
  await Promise.all(joins);
  await Promise.all(people.slice(0, 3).map((person) => courses.act('leaveStation', { stationId }, person)));
  const look = 'query ($id: ID!) { station(id: $id) { memberCount isMember } }';
  const asMember = await courses.ask(look, { id: stationId }, people[5] ?? null);
  const asLeaver = await courses.ask(look, { id: stationId }, people[0] ?? null);
  expect(asMember.data).toEqual({ station: { memberCount: '5', isMember: true } });
  expect(asLeaver.data).toEqual({ station: { memberCount: '5', isMember: false } });
  expect((await courses.ask(look, { id: stationId })).data).toMatchObject({ station: { isMember: null } });
});

describe('a post', () => {
  test('is written by members, and comments stand below it', async () => {
    const a = await member();
    const post = await written(a);
    const comment = await written(a, { parentId: post, body: '真好' });
    expect(await posts()).toEqual({ nodes: [{ id: post }], totalCount: '1' });
    const { data } = await courses.ask(
      'query ($id: ID!) { post(id: $id) { author { id } comments { nodes { id body } totalCount } station { id } } }',
      { id: post },
    );
    expect(data).toEqual({
      post: {
        author: { id: a.id },
        comments: { nodes: [{ id: comment, body: '真好' }], totalCount: '1' },
        station: { id: stationId },
      },
    });
    expect((await write(newPerson())).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect((await write(a, { parentId: comment })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  test('is written once for a key', async () => {
    const a = await member();
    const same = { idempotencyKey: 'k' };
    const answers = await Promise.all([write(a, same), write(a, same), write(a, same)]);
    expect(new Set(answers.map((answer) => answer.post?.id)).size).toBe(1);
    expect((await write(a, { ...same, body: 'Other' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect((await posts()).totalCount).toBe('1');
  });

  test('that many praise climbs above a newer one', async () => {
    const a = await member();
    const loved = await written(a);
    const newer = await written(a);
    await Promise.all(Array.from({ length: 4 }, () => courses.act('praise', { postId: loved }, newPerson())));
    expect((await posts('HOT')).nodes).toEqual([{ id: loved }, { id: newer }]);
    expect((await posts('NEW')).nodes).toEqual([{ id: newer }, { id: loved }]);
  });

  test('stands in the list of its author', async () => {
    const a = await member();
    const post = await written(a);
    await written(a, { parentId: post });
    const { data } = await courses.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { posts { nodes { id } totalCount } } } }',
      { r: [{ __typename: 'User', id: a.id }] },
    );
    expect(data).toEqual({ _entities: [{ posts: { nodes: [{ id: post }], totalCount: '1' } }] });
  });

  test('too many of one person wait', async () => {
    const spent = {
      attempt: async () => ({ allowed: false, remaining: 0, retryAfterSeconds: 9 }),
      forget: async () => undefined,
    };
    const limited = await startCourses({ limits: { posts: spent, comings: spent } });
    try {
      const input = { kind: 'TEXT', body: 'Hello', idempotencyKey: 'k' };
      expect(await limited.codes('createPost', input, newPerson())).toEqual(['RATE_LIMITED']);
      const enrolment = { courseId: newId('crs'), idempotencyKey: 'k' };
      expect(await limited.codes('enrol', enrolment, newPerson())).toEqual(['RATE_LIMITED']);
      expect(await limited.codes('raiseHand', { sessionId: newId('ses') }, newPerson())).toEqual([
        'RATE_LIMITED',
      ]);
    } finally {
      await limited.stop();
    }
  });
});

describe('praise', () => {
  interface Praised {
    post: { praiseCount: string; praisedByMe: boolean };
  }
  const selection = 'post { praiseCount praisedByMe }';
  const give = (postId: string, as: { id: string }) =>
    courses.act<Praised>('praise', { postId }, as, selection);
  const take = (postId: string, as: { id: string }) =>
    courses.act<Praised>('withdrawPraise', { postId }, as, selection);

  test('counts once for each person, however fast it is given and taken back', async () => {
    const post = await written(await member());
    const fans = Array.from({ length: 6 }, newPerson);
    await Promise.all([...fans, ...fans, ...fans].map((fan) => give(post, fan)));
    const [first = newPerson(), second = newPerson()] = fans;
    expect((await give(post, first)).post).toEqual({ praiseCount: '6', praisedByMe: true });
    await Promise.all([take(post, first), take(post, first), take(post, second), give(post, first)]);
    await take(post, first);
    expect((await take(post, first)).post).toEqual({ praiseCount: '4', praisedByMe: false });
  });

  test('is not for oneself, and a praise given again is no news', async () => {
    const author = await member();
    const post = await written(author);
    const fan = newPerson();
    expect((await give(post, author)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
    await give(post, fan);
    await take(post, fan);
    await give(post, fan);
    expect((await courses.told(post)).map(({ payload }) => payload)).toEqual([
      { fromUserId: fan.id, toUserId: author.id, postId: post },
    ]);
  });
});

describe('the instructor keeps order', () => {
  test('with slow mode, which two posts at the same time do not get around', async () => {
    const a = await member();
    await courses.act('setSlowMode', { stationId, seconds: 30 }, teacher);
    const both = await Promise.all([write(a), write(a)]);
    expect(both.flatMap((answer) => answer.userErrors.map((error) => error.code))).toEqual(['SLOW_MODE']);
    courses.clock.now = new Date(courses.clock.now.getTime() + 29_000);
    expect((await write(a)).userErrors).toMatchObject([
      { code: 'SLOW_MODE', message: expect.stringContaining(' 1 ') as string },
    ]);
    courses.clock.now = new Date(courses.clock.now.getTime() + 1_000);
    expect((await write(a)).userErrors).toEqual([]);
    expect((await write(teacher)).userErrors).toEqual([]);
    expect((await write(teacher)).userErrors).toEqual([]);
  });

  test('by muting, until a time or for good', async () => {
    const a = await member();
    const { now } = courses.clock;
    const mute = (until: Date | null) =>
      courses.codes(
        'muteInStation',
        { stationId, userId: a.id, reason: 'Advertising', until: until?.toISOString() ?? null },
        teacher,
      );
    expect(await mute(new Date(now.getTime() + 60_000))).toEqual([]);
    expect((await write(a)).userErrors).toMatchObject([{ code: 'MUTED' }]);
    courses.clock.now = new Date(now.getTime() + 61_000);
    expect((await write(a)).userErrors).toEqual([]);
    await mute(null);
    expect((await write(a)).userErrors).toMatchObject([{ code: 'MUTED' }]);
    await mute(now);
    expect((await write(a)).userErrors).toEqual([]);
  });

  test('by hiding a post: it leaves the lists, its words are gone, the reason stays', async () => {
    const a = await member();
    const post = await written(a);
    expect(await courses.codes('hidePost', { postId: post, reason: 'No' }, a)).toEqual(['FORBIDDEN']);
    expect(await courses.codes('hidePost', { postId: post, reason: 'Advertising' }, teacher)).toEqual([]);
    expect(await posts()).toEqual({ nodes: [], totalCount: '0' });
    const look = 'query ($id: ID!) { post(id: $id) { body hiddenReason } }';
    expect((await courses.ask(look, { id: post })).data).toEqual({
      post: { body: null, hiddenReason: 'Advertising' },
    });
    expect((await courses.ask(look, { id: post }, a)).data).toMatchObject({ post: { body: 'Hello' } });
    expect(await courses.codes('praise', { postId: post }, newPerson())).toEqual(['NOT_FOUND']);
    const other = await written(a);
    const moderator = { ...newPerson(), roles: ['MODERATOR'] };
    expect(await courses.codes('hidePost', { postId: other, reason: 'No' }, moderator)).toEqual([]);
  });

  test('and nobody else does', async () => {
    const a = await member();
    expect(await courses.codes('setSlowMode', { stationId, seconds: 5 }, a)).toEqual(['FORBIDDEN']);
    const mute = { stationId, userId: newId('usr'), reason: 'No' };
    expect(await courses.codes('muteInStation', mute, a)).toEqual(['FORBIDDEN']);
  });

  test('with the help of reports, one of each person', async () => {
    const post = await written(await member());
    const reporter = newPerson();
    for (const text of ['Advertising', 'Again'])
      expect(await courses.codes('reportPost', { postId: post, text }, reporter)).toEqual([]);
    const kept = await courses.db.selectFrom('reports').select('body').where('post_id', '=', post).execute();
    expect(kept).toEqual([{ body: 'Advertising' }]);
  });
});

describe('bait', () => {
  test('is not posted', async () => {
    const a = await member();
    const answer = await write(a, { body: '免费领鸡蛋 http://egg.example.top/x' });
    expect(answer.userErrors).toMatchObject([
      {
        code: 'LINK_BLOCKED',
        field: ['input', 'body'],
        message: expect.stringContaining('egg.example.top') as string,
      },
    ]);
  });

  test.each([
    'https://evil.com/a',
    'HTTP://EVIL.COM',
    'www.evil.com',
    'evil.com',
    '看这里evil.top领奖',
    'ｅｖｉｌ．ｃｏｍ',
    'evil。com',
    'evil点com',
    'evil [dot] com',
    'evil 点 com',
    'ev\u200bil.com',
    'https://gov.cn@evil.com/',
    'https://gov.cn.evil.com/',
    'http://192.168.1.7/x',
    '请加 45.77.1.2',
    'taobao://open?x',
  ])('is known in its disguise: %s', (text) => {
    expect(findUntrustedLink(text)).not.toBeNull();
  });

  test.each([
    '今天练了3.5公里，血压120.5。',
    'https://www.gov.cn/zhengce',
    'https://zh.wikipedia.org/wiki/书法',
    'I am fine.See you tomorrow.',
    '九点半开始，十点结束',
    '第1.2.3课',
    'Dr. Wang e.g. said so...',
    '一点com也没有',
  ])('is not seen where there is none: %s', (text) => {
    expect(findUntrustedLink(text)).toBeNull();
  });
});
