import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { addStation, type Station } from './station.ts';
import { newPerson, startCourses } from './support.ts';

const courses = await sharedByTests(startCourses());
let station: Station;
beforeEach(async () => {
  station = await addStation(courses);
});

test('members are counted once each, also when they all come at the same time', async () => {
  const people = Array.from({ length: 8 }, newPerson);
  const joins = [...people, ...people].map((person) =>
    courses.act('joinStation', { stationId: station.id }, person),
  );
  await Promise.all(joins);
  await Promise.all(
    people.slice(0, 3).map((person) => courses.act('leaveStation', { stationId: station.id }, person)),
  );
  const look = 'query ($id: ID!) { station(id: $id) { memberCount isMember } }';
  const asMember = await courses.ask(look, { id: station.id }, people[5] ?? null);
  const asLeaver = await courses.ask(look, { id: station.id }, people[0] ?? null);
  expect(asMember.data).toEqual({ station: { memberCount: '5', isMember: true } });
  expect(asLeaver.data).toEqual({ station: { memberCount: '5', isMember: false } });
  expect((await courses.ask(look, { id: station.id })).data).toMatchObject({ station: { isMember: null } });
});

describe('a post', () => {
  test('is written by members, and comments stand below it', async () => {
    const a = await station.member();
    const post = await station.written(a);
    const comment = await station.written(a, { parentId: post, body: '真好' });
    expect(await station.posts()).toEqual({ nodes: [{ id: post }], totalCount: '1' });
    const { data } = await courses.ask(
      'query ($id: ID!) { post(id: $id) { author { id } comments { nodes { id body } totalCount } station { id } } }',
      { id: post },
    );
    expect(data).toEqual({
      post: {
        author: { id: a.id },
        comments: { nodes: [{ id: comment, body: '真好' }], totalCount: '1' },
        station: { id: station.id },
      },
    });
    expect((await station.write(newPerson())).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
    expect((await station.write(a, { parentId: comment })).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  test('is written once for a key', async () => {
    const a = await station.member();
    const same = { idempotencyKey: 'k' };
    const answers = await Promise.all([
      station.write(a, same),
      station.write(a, same),
      station.write(a, same),
    ]);
    expect(new Set(answers.map((answer) => answer.post?.id)).size).toBe(1);
    expect((await station.write(a, { ...same, body: 'Other' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect((await station.posts()).totalCount).toBe('1');
  });

  test('that many praise climbs above a newer one', async () => {
    const a = await station.member();
    const loved = await station.written(a);
    const newer = await station.written(a);
    await Promise.all(Array.from({ length: 4 }, () => courses.act('praise', { postId: loved }, newPerson())));
    expect((await station.posts('HOT')).nodes).toEqual([{ id: loved }, { id: newer }]);
    expect((await station.posts('NEW')).nodes).toEqual([{ id: newer }, { id: loved }]);
  });

  test('stands in the list of its author', async () => {
    const a = await station.member();
    const post = await station.written(a);
    await station.written(a, { parentId: post });
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
    const post = await station.written(await station.member());
    const fans = Array.from({ length: 6 }, newPerson);
    await Promise.all([...fans, ...fans, ...fans].map((fan) => give(post, fan)));
    const [first = newPerson(), second = newPerson()] = fans;
    expect((await give(post, first)).post).toEqual({ praiseCount: '6', praisedByMe: true });
    await Promise.all([take(post, first), take(post, first), take(post, second), give(post, first)]);
    await take(post, first);
    expect((await take(post, first)).post).toEqual({ praiseCount: '4', praisedByMe: false });
  });

  test('is not for oneself, and a praise given again is no news', async () => {
    const author = await station.member();
    const post = await station.written(author);
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
