import { createRedis, type Limiter } from '@banyan/kit/cache';
import { createLogger } from '@banyan/kit/service';
import { sharedByTests } from '@banyan/kit/testing';
import { consentPurposes, consentTextVersions } from '@banyan/vocabulary';
import { expect, onTestFinished, test } from 'vitest';
import { createLimits } from '../src/limits.ts';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers());

const current = consentTextVersions;
const entities = /* GraphQL */ `
  query ($id: ID!) {
    _entities(representations: [{ __typename: "Viewer", id: $id }]) {
      ... on Viewer {
        offerAgeBand
        offerRegionCode
        matchingTags
      }
    }
  }
`;

test('a person has said nothing, and sees each purpose with the text that is asked for', async () => {
  const me = await users.person();
  const { data } = await users.ask<{ me: { consents: Record<string, unknown>[] } }>(
    '{ me { consents { purpose textVersion sensitive grantedAt withdrawnAt } } }',
    {},
    me,
  );
  expect(data.me.consents.map(({ purpose }) => purpose)).toEqual([...consentPurposes]);
  expect(data.me.consents).toContainEqual({
    purpose: 'MEDICAL_DATA',
    textVersion: current.MEDICAL_DATA,
    sensitive: true,
    grantedAt: null,
    withdrawnAt: null,
  });
});

test('what serves offers is there with consent to offers alone, and gone with its withdrawal', async () => {
  const me = await users.person();
  await users.act('updateProfile', { birthYear: new Date().getFullYear() - 65, regionCode: 'CN-31' }, me);
  const seen = async () =>
    (await users.ask<{ _entities: unknown[] }>(entities, { id: me.id }, me)).data._entities;
  const nothing = [{ offerAgeBand: null, offerRegionCode: null, matchingTags: null }];
  expect(await seen()).toEqual(nothing);

  const consent = { purpose: 'INSURANCE_OFFERS', textVersion: current.INSURANCE_OFFERS };
  await users.act('setConsent', { ...consent, granted: true }, me);
  expect(await seen()).toEqual([{ offerAgeBand: 'A60_69', offerRegionCode: 'CN-31', matchingTags: null }]);
  await users.act('setConsent', { ...consent, granted: false }, me);
  expect(await seen()).toEqual(nothing);

  const matching = { purpose: 'PORTRAIT_MATCHING', textVersion: current.PORTRAIT_MATCHING, granted: true };
  await users.act('setConsent', matching, me);
  expect(await seen()).toEqual([{ offerAgeBand: null, offerRegionCode: null, matchingTags: [] }]);
});

test('each change of mind is told once and kept for good; saying the same again is no change', async () => {
  const me = await users.person();
  const consent = { purpose: 'CROSS_BORDER', textVersion: current.CROSS_BORDER };
  for (const granted of [true, true, false, false, true])
    await users.act('setConsent', { ...consent, granted }, me);
  const told = await users.told(me.id);
  expect(told.map(({ type, payload }) => [type, payload['granted']])).toEqual([
    ['consent.changed', true],
    ['consent.changed', false],
    ['consent.changed', true],
  ]);
  expect(told[0]?.payload).toEqual({ userId: me.id, ...consent, granted: true });
  const history = await users.app.database.db
    .selectFrom('consent_changes')
    .select('granted')
    .where('person_id', '=', me.id)
    .orderBy('position')
    .execute();
  expect(history.map(({ granted }) => granted)).toEqual([true, false, true]);
});

test('two first answers at the same time are one change', async () => {
  const me = await users.person();
  const consent = { purpose: 'CROSS_BORDER', textVersion: current.CROSS_BORDER, granted: true };
  await Promise.all([1, 2, 3, 4].map(() => users.act('setConsent', consent, me)));
  expect(await users.told(me.id)).toHaveLength(1);
});

test('one agrees to the text of today and to no other; withdrawing asks for no text', async () => {
  const me = await users.person();
  const old = { purpose: 'MEDICAL_DATA', textVersion: 'medical-data-0' };
  const refused = await users.act('setConsent', { ...old, granted: true }, me);
  expect(refused.userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'textVersion'] }]);

  await users.act('setConsent', { ...old, textVersion: current.MEDICAL_DATA, granted: true }, me);
  // As if the text had changed since: the old consent does not carry over, and can still be withdrawn.
  await users.app.database.db
    .updateTable('consents')
    .set({ text_version: 'medical-data-0' })
    .where('person_id', '=', me.id)
    .execute();
  await users.act('setConsent', { ...old, textVersion: current.MEDICAL_DATA, granted: true }, me);
  expect(await users.codes('setConsent', { ...old, granted: false }, me)).toEqual([]);
  expect((await users.told(me.id)).map(({ payload }) => payload['granted'])).toEqual([true, true, false]);
});

test('nobody consents without being signed in', async () => {
  const input = { purpose: 'CROSS_BORDER', granted: true, textVersion: current.CROSS_BORDER };
  const answer = await users.ask(
    'mutation ($input: SetConsentInput!) { setConsent(input: $input) { viewer { id } } }',
    { input },
  );
  expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

test('nobody is told of consents without end; withdrawing is never refused', async () => {
  const log = createLogger({ service: 'users', level: 'silent' });
  const limits = createLimits(createRedis({ log }));
  let left = 1;
  const once: Limiter = {
    attempt: () => Promise.resolve({ allowed: left-- > 0, remaining: 0, retryAfterSeconds: 60 }),
    forget: () => Promise.resolve(),
  };
  const strict = await startUsers({ overrides: { limits: { ...limits, consents: once } } });
  onTestFinished(() => strict.stop());
  const me = await strict.person();
  const say = (granted: boolean) =>
    strict.codes('setConsent', { purpose: 'MEDICAL_DATA', textVersion: current.MEDICAL_DATA, granted }, me);
  expect(await say(true)).toEqual([]);
  for (let again = 0; again < 3; again += 1) expect(await say(false)).toEqual([]);
  expect(await say(true)).toEqual(['RATE_LIMITED']);
  expect((await strict.told(me.id)).map(({ type, payload }) => [type, payload['granted']])).toEqual([
    ['consent.changed', true],
    ['consent.changed', false],
  ]);
});
