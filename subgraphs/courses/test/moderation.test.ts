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

describe('the instructor keeps order', () => {
  test('with slow mode, which two posts at the same time do not get around', async () => {
    const a = await station.member();
    await courses.act('setSlowMode', { stationId: station.id, seconds: 30 }, station.teacher);
    const both = await Promise.all([station.write(a), station.write(a)]);
    expect(both.flatMap((answer) => answer.userErrors.map((error) => error.code))).toEqual(['SLOW_MODE']);
    courses.clock.now = new Date(courses.clock.now.getTime() + 29_000);
    expect((await station.write(a)).userErrors).toMatchObject([
      { code: 'SLOW_MODE', message: expect.stringContaining(' 1 ') as string },
    ]);
    courses.clock.now = new Date(courses.clock.now.getTime() + 1_000);
    expect((await station.write(a)).userErrors).toEqual([]);
    expect((await station.write(station.teacher)).userErrors).toEqual([]);
    expect((await station.write(station.teacher)).userErrors).toEqual([]);
  });

  test('by muting, until a time or for good', async () => {
    const a = await station.member();
    const { now } = courses.clock;
    const mute = (until: Date | null) =>
      courses.codes(
        'muteInStation',
        { stationId: station.id, userId: a.id, reason: 'Advertising', until: until?.toISOString() ?? null },
        station.teacher,
      );
    expect(await mute(new Date(now.getTime() + 60_000))).toEqual([]);
    expect((await station.write(a)).userErrors).toMatchObject([{ code: 'MUTED' }]);
    courses.clock.now = new Date(now.getTime() + 61_000);
    expect((await station.write(a)).userErrors).toEqual([]);
    await mute(null);
    expect((await station.write(a)).userErrors).toMatchObject([{ code: 'MUTED' }]);
    await mute(now);
    expect((await station.write(a)).userErrors).toEqual([]);
  });

  test('by hiding a post: it leaves the lists, its words are gone, the reason stays', async () => {
    const a = await station.member();
    const post = await station.written(a);
    expect(await courses.codes('hidePost', { postId: post, reason: 'No' }, a)).toEqual(['FORBIDDEN']);
    expect(await courses.codes('hidePost', { postId: post, reason: 'Advertising' }, station.teacher)).toEqual(
      [],
    );
    expect(await station.posts()).toEqual({ nodes: [], totalCount: '0' });
    const look = 'query ($id: ID!) { post(id: $id) { body hiddenReason } }';
    expect((await courses.ask(look, { id: post })).data).toEqual({
      post: { body: null, hiddenReason: 'Advertising' },
    });
    expect((await courses.ask(look, { id: post }, a)).data).toMatchObject({ post: { body: 'Hello' } });
    expect(await courses.codes('praise', { postId: post }, newPerson())).toEqual(['NOT_FOUND']);
    const other = await station.written(a);
    const moderator = { ...newPerson(), roles: ['MODERATOR'] };
    expect(await courses.codes('hidePost', { postId: other, reason: 'No' }, moderator)).toEqual([]);
  });

  test('and nobody else does', async () => {
    const a = await station.member();
    expect(await courses.codes('setSlowMode', { stationId: station.id, seconds: 5 }, a)).toEqual([
      'FORBIDDEN',
    ]);
    const mute = { stationId: station.id, userId: newId('usr'), reason: 'No' };
    expect(await courses.codes('muteInStation', mute, a)).toEqual(['FORBIDDEN']);
  });

  test('with the help of reports, one of each person', async () => {
    const post = await station.written(await station.member());
    const reporter = newPerson();
    for (const text of ['Advertising', 'Again'])
      expect(await courses.codes('reportPost', { postId: post, text }, reporter)).toEqual([]);
    const kept = await courses.db.selectFrom('reports').select('body').where('post_id', '=', post).execute();
    expect(kept).toEqual([{ body: 'Advertising' }]);
  });
});
