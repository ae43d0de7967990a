import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { consentTextVersions } from '@banyan/vocabulary';
import { expect, test } from 'vitest';
import { halfLifeMs, matchingTagsOf, tagsOf } from '../src/domain/portrait.ts';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers());

interface Tag {
  tag: string;
  weight: number;
  source: string;
  hidden: boolean;
}
const portrait = async (as: { id: string }) => {
  const { data } = await users.ask<{ me: { portrait: { enabled: boolean; tags: Tag[] } } }>(
    '{ me { portrait { enabled asOf tags { tag weight source hidden } } } }',
    {},
    as,
  );
  return data.me.portrait;
};
const matching = async (as: { id: string }) => {
  const { data } = await users.ask<{ me: { matchingTags: string[] | null } }>(
    '{ me { matchingTags } }',
    {},
    as,
  );
  return data.me.matchingTags;
};
const agree = (as: { id: string }, granted = true) =>
  users.act(
    'setConsent',
    { purpose: 'PORTRAIT_MATCHING', granted, textVersion: consentTextVersions.PORTRAIT_MATCHING },
    as,
  );
const ago = (halfLives: number) => new Date(Date.now() - halfLives * halfLifeMs);

/** Somebody who dances, was in a choir long ago, belongs to a circle and gave to a sick person. */
async function somebody(): Promise<{ id: string }> {
  const me = await users.person();
  const enrolment = (craft: string) => ({ userId: me.id, courseId: newId('crs'), craft, state: 'ENROLLED' });
  await users.tell('courses', 'enrolment.created', enrolment('DANCE'), ago(0));
  await users.tell('courses', 'enrolment.created', enrolment('DANCE'), ago(1));
  await users.tell('courses', 'enrolment.created', enrolment('VOCAL'), ago(3));
  await users.tell('courses', 'enrolment.created', enrolment('YOGA'), ago(8));
  await users.tell('circles', 'circle.joined', { userId: me.id, circleId: newId('cir'), theme: 'FITNESS' });
  const campaignId = newId('cmp');
  await users.tell('campaigns', 'campaign.live', {
    campaignId,
    organiserId: newId('usr'),
    kind: 'PERSONAL_HELP',
  });
  await users.tell('campaigns', 'donation.counted', { campaignId, userId: me.id });
  return me;
}

test('tags come of what a person did, and fade by half in a half-life until they are forgotten', async () => {
  const { enabled, tags } = await portrait(await somebody());
  expect(enabled).toBe(true);
  expect(tags).toEqual([
    { tag: 'interest:DANCE', weight: 0.6, source: 'courses', hidden: false },
    { tag: 'giving:PERSONAL_HELP', weight: 0.5, source: 'gifts', hidden: false },
    { tag: 'theme:FITNESS', weight: 0.5, source: 'circles', hidden: false },
    { tag: 'theme:GIVING', weight: 0.5, source: 'gifts', hidden: false },
    { tag: 'interest:VOCAL', weight: 0.111, source: 'courses', hidden: false },
  ]);
});

test('nobody is matched without consent, nor by what is faint or hidden, nor when it is switched off', async () => {
  const me = await somebody();
  expect(await matching(me)).toBeNull();
  await agree(me);
  const strong = ['interest:DANCE', 'giving:PERSONAL_HELP', 'theme:FITNESS', 'theme:GIVING'];
  expect(await matching(me)).toEqual(strong);

  await users.act('setPortrait', { hideTags: ['interest:DANCE', 'theme:GIVING'] }, me);
  expect(await matching(me)).toEqual(['giving:PERSONAL_HELP', 'theme:FITNESS']);
  const hidden = (await portrait(me)).tags.filter((tag) => tag.hidden).map(({ tag }) => tag);
  expect(hidden).toEqual(['interest:DANCE', 'theme:GIVING']);
  await users.act('setPortrait', { showTags: ['theme:GIVING'] }, me);
  expect(await matching(me)).toEqual(['giving:PERSONAL_HELP', 'theme:FITNESS', 'theme:GIVING']);

  await users.act('setPortrait', { enabled: false }, me);
  expect([await portrait(me), await matching(me)]).toMatchObject([{ enabled: false, tags: [] }, []]);
  // Switched on again it is as it was, with what was hidden.
  await users.act('setPortrait', { enabled: true }, me);
  expect(await matching(me)).toHaveLength(3);
  await agree(me, false);
  expect(await matching(me)).toBeNull();
});

test('who left a circle is no longer portrayed by it', async () => {
  const me = await users.person();
  const circle = { userId: me.id, circleId: newId('cir'), theme: 'DINING' };
  await users.tell('circles', 'circle.joined', circle);
  expect((await portrait(me)).tags).toHaveLength(1);
  await users.tell('circles', 'circle.left', circle);
  expect((await portrait(me)).tags).toEqual([]);
});

test('what is no tag is refused', async () => {
  const me = await users.person();
  for (const tag of ['dance', 'interest:dance', '\0', 'x'.repeat(100)])
    expect(await users.codes('setPortrait', { hideTags: [tag] }, me)).toEqual(['INVALID_INPUT']);
  const many = Array.from({ length: 51 }, () => 'interest:DANCE');
  expect(await users.codes('setPortrait', { hideTags: many }, me)).toEqual(['INVALID_INPUT']);
});

test('a weight is between 0 and 1, and a tag of two sources names the stronger', () => {
  const tags = tagsOf(
    [
      { kind: 'CIRCLE', word: 'GIVING', strength: 0.5 },
      { kind: 'GIFT', word: null, strength: 1_000 },
    ],
    [],
  );
  expect(tags).toEqual([{ tag: 'theme:GIVING', weight: 0.999, source: 'gifts', hidden: false }]);
  expect(matchingTagsOf([])).toEqual([]);
});
