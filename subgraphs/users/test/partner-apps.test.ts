import { newId } from '@banyan/kit/graphql';
import { sharedByTests, type As } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { startPartner } from './partner.ts';

const partner = await sharedByTests(startPartner());
const { users, owner, stranger, organisationId, found, makeApp, makeKey, madeKey, verify } = partner;

describe('an app', () => {
  test('of an organisation is seen by who runs it and by itself, and by nobody else', async () => {
    const id = await makeApp({ name: 'Seen' });
    const own = 'query ($id: ID!) { organisation(id: $id) { partnerApps { id name } } }';
    const seen = await users.ask<{ organisation: { partnerApps: { id: string }[] | null } }>(
      own,
      { id: organisationId },
      owner,
    );
    expect(seen.data.organisation.partnerApps?.map((app) => app.id)).toContain(id);
    const hidden = await users.ask<typeof seen.data>(own, { id: organisationId }, stranger);
    expect(hidden.data.organisation.partnerApps).toBeNull();
    expect(hidden.errors?.[0]?.extensions.code).toBe('FORBIDDEN');

    const entity = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PartnerApp { name } } }`;
    const r = [{ __typename: 'PartnerApp', id }];
    const asked = await Promise.all(
      [owner, { appId: id }, stranger, { appId: newId('app') }, null].map((as) =>
        users.ask(entity, { r }, as),
      ),
    );
    expect(asked.map(({ data }) => data['_entities'])).toEqual([
      [{ name: 'Seen' }],
      [{ name: 'Seen' }],
      [null],
      [null],
      [null],
    ]);
    expect((await users.ask('{ partnerApp { id sandbox } }', {}, { appId: id })).data).toEqual({
      partnerApp: { id, sandbox: true },
    });
    expect((await users.ask('{ partnerApp { id } }', {}, owner)).data).toEqual({ partnerApp: null });
  });

  test('is made by who runs the organisation, once a key of the request', async () => {
    const input = { organisationId, name: 'Once', scopes: [], sandbox: true, idempotencyKey: 'app-once' };
    const make = (as: As, more = {}) =>
      users.act<{ app: { id: string } | null }>('createPartnerApp', { ...input, ...more }, as, 'app { id }');
    const [first, again] = [await make(owner), await make(owner)];
    expect(again.app?.id).toBe(first.app?.id);
    const refused = [await make(owner, { name: 'Other' }), await make(stranger)];
    expect(refused.map(({ userErrors }) => userErrors[0]?.code)).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
    ]);
  });

  test('that is no trial needs an organisation that was verified', async () => {
    const input = { organisationId, name: 'Live', scopes: [], sandbox: false, idempotencyKey: newId('idk') };
    expect(await users.codes('createPartnerApp', input, owner)).toEqual(['FORBIDDEN']);
    const reviewer = { ...stranger, roles: ['REVIEWER'] };
    await users.act('verifyOrganisation', { organisationId, approve: true, reason: 'Seen.' }, reviewer);
    const { secret } = await madeKey(await makeApp({ sandbox: false }));
    expect(secret).toMatch(/^bk_live_/);
  });

  test('with scopes that there are not is refused', async () => {
    const input = { organisationId, name: 'X', scopes: ['all'], sandbox: true, idempotencyKey: 'x' };
    expect(await users.codes('createPartnerApp', input, owner)).toEqual(['INVALID_INPUT']);
  });

  test('is no person: it has no Viewer, and does nothing that asks for one', async () => {
    const as = { appId: await makeApp(), scopes: ['keys:manage'] };
    expect((await users.ask('{ me { id } }', {}, as)).data).toEqual({ me: null });
    const { errors } = await users.ask(
      `mutation { createOrganisation(input: { name: "X", kinds: [CHARITY], idempotencyKey: "k" }) { userErrors { code } } }`,
      {},
      as,
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('when an organisation is no longer verified', () => {
  /** An organisation of its own, so that the others stay what they are. */
  async function verified() {
    const organisation = await found(owner);
    const decide = (approve: boolean) =>
      users.act(
        'verifyOrganisation',
        { organisationId: organisation, approve, reason: 'Seen.' },
        { ...stranger, roles: ['REVIEWER'] },
      );
    await decide(true);
    return { organisation, decide };
  }

  test('its keys are good for nothing until it is again; those for trial stay good', async () => {
    const { organisation, decide } = await verified();
    const live = await madeKey(await makeApp({ organisationId: organisation, sandbox: false }));
    const trial = await madeKey(await makeApp({ organisationId: organisation }));
    const states = async () => [(await verify(live.secret)).state, (await verify(trial.secret)).state];
    expect(await states()).toEqual(['live', 'live']);
    await decide(false);
    expect(await states()).toEqual(['revoked', 'live']);
    await decide(true);
    expect(await states()).toEqual(['live', 'live']);
  });

  test('there are no further keys of its apps, made or rotated; those for trial go on', async () => {
    const { organisation, decide } = await verified();
    const [liveApp, trialApp] = [
      await makeApp({ organisationId: organisation, sandbox: false }),
      await makeApp({ organisationId: organisation }),
    ];
    const [live, trial] = [await madeKey(liveApp), await madeKey(trialApp)];
    await decide(false);
    const rotate = (keyId: string) =>
      users.codes('rotateApiKey', { keyId, overlapHours: 1, idempotencyKey: newId('idk') }, owner);
    expect((await makeKey(liveApp)).userErrors.map(({ code }) => code)).toEqual(['FORBIDDEN']);
    expect(await rotate(live.key.id)).toEqual(['FORBIDDEN']);
    expect(await rotate(trial.key.id)).toEqual([]);
    expect(await users.codes('revokeApiKey', { keyId: live.key.id }, owner)).toEqual([]);
  });
});
