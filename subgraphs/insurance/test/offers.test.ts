import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { castId } from '@banyan/seed';
import { ageBands } from '@banyan/vocabulary';
import { expect, test } from 'vitest';
import { join } from './aid.ts';
import { createPeers } from './peers.ts';
import { openQuote } from './policies.ts';
import { dayMs, newPerson, startInsurance } from './support.ts';

const insurance = await sharedByTests(startInsurance());
const peers = createPeers(insurance);

interface ShownOffer {
  why: string;
  optOutKey: string;
  offer: {
    __typename: string;
    id: string;
    name: string;
    ageMin?: number;
    ageMax?: number;
    insurer?: { id: string };
  };
}
const fields = /* GraphQL */ `
  why optOutKey
  offer {
    __typename
    ... on InsuranceProduct { id name ageMin ageMax insurer { id } }
    ... on MutualAidPlan { id name memberCount }
  }
`;
const entities = `query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on Viewer { offers { ${fields} } } ... on Campaign { supporterOffers { ${fields} } } } }`;

interface Entities {
  _entities: ({ offers?: ShownOffer[]; supporterOffers?: ShownOffer[] } | null)[];
}

async function besideCampaign(
  person: { id: string } | null,
  campaignId: string,
  offersAllowed: boolean | null = true,
): Promise<ShownOffer[]> {
  const r = [{ __typename: 'Campaign', id: campaignId, offersAllowed }];
  const { data } = await insurance.ask<Entities>(entities, { r }, person);
  return data._entities[0]?.supporterOffers ?? [];
}

async function ofViewer(
  person: { id: string },
  known: { offerAgeBand: string | null; offerRegionCode: string | null } = {
    offerAgeBand: 'A70_80',
    offerRegionCode: 'CN-BJ',
  },
): Promise<ShownOffer[]> {
  const r = [{ __typename: 'Viewer', id: person.id, ...known }];
  const { data } = await insurance.ask<Entities>(entities, { r }, person);
  return data._entities[0]?.offers ?? [];
}

/** Somebody who consented and gave to a campaign. */
async function supporter() {
  const person = newPerson();
  const campaignId = newId('cmp');
  await peers.consent(person.id);
  await peers.gift(person.id, campaignId);
  return { person, campaignId };
}

test('who consented and gave is offered something that suits, and is told why', async () => {
  const { person, campaignId } = await supporter();
  const offers = await besideCampaign(person, campaignId);
  expect(offers.map(({ offer }) => offer.__typename).toSorted()).toEqual([
    'InsuranceProduct',
    'MutualAidPlan',
  ]);
  expect(offers[0]?.why).toContain('You supported this campaign');
  const shown = await ofViewer(person);
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.length).toBeLessThanOrEqual(3);
  for (const { offer } of shown.filter((each) => each.offer.__typename === 'InsuranceProduct'))
    expect(offer.ageMin !== undefined && offer.ageMin <= 70 && (offer.ageMax ?? 0) >= 80).toBe(true);
});

test('without consent there is no offer, and a consent that is taken back counts at once', async () => {
  const { person, campaignId } = await supporter();
  const silent = newPerson();
  await peers.gift(silent.id, campaignId);
  expect([await besideCampaign(silent, campaignId), await ofViewer(silent)]).toEqual([[], []]);
  await peers.consent(person.id, false);
  expect([await besideCampaign(person, campaignId), await ofViewer(person)]).toEqual([[], []]);
});

test('consent to another text, or for another purpose, is none', async () => {
  const { person, campaignId } = await supporter();
  await peers.consent(person.id, true, 'insurance-offers-0');
  expect(await besideCampaign(person, campaignId)).toEqual([]);
  const other = newPerson();
  await peers.users.tell('consent.changed', {
    userId: other.id,
    purpose: 'PORTRAIT_MATCHING',
    granted: true,
    textVersion: 'portrait-matching-1',
  });
  await peers.gift(other.id, campaignId);
  expect(await besideCampaign(other, campaignId)).toEqual([]);
});

test('only beside a campaign that the person supported, lately', async () => {
  const { person, campaignId } = await supporter();
  expect(await besideCampaign(person, newId('cmp'))).toEqual([]);
  const onlooker = newPerson();
  await peers.consent(onlooker.id);
  expect([await besideCampaign(onlooker, campaignId), await ofViewer(onlooker)]).toEqual([[], []]);
  insurance.clock.aheadMs += 91 * dayMs;
  expect([await besideCampaign(person, campaignId), await ofViewer(person)]).toEqual([[], []]);
});

test('never where the campaign does not allow it, and never to a stranger', async () => {
  const { person, campaignId } = await supporter();
  expect(await besideCampaign(person, campaignId, false)).toEqual([]);
  expect(await besideCampaign(person, campaignId, null)).toEqual([]);
  expect(await besideCampaign(null, campaignId)).toEqual([]);
});

test('never to whom a personal campaign is about or who runs it, wherever they look', async () => {
  const { person: beneficiary, campaignId } = await supporter();
  const { person: organiser } = await supporter();
  const { person: teacher } = await supporter();
  await peers.campaigns.tell('campaign.live', {
    campaignId: newId('cmp'),
    kind: 'PERSONAL_HELP',
    organiserId: organiser.id,
    beneficiaryId: beneficiary.id,
  });
  await peers.campaigns.tell('campaign.live', {
    campaignId: newId('cmp'),
    kind: 'DREAM',
    organiserId: teacher.id,
  });
  expect([await besideCampaign(beneficiary, campaignId), await ofViewer(beneficiary)]).toEqual([[], []]);
  expect(await ofViewer(organiser)).toEqual([]);
  expect(await ofViewer(teacher)).not.toEqual([]);
});

test.each(ageBands)('whoever is %s is offered only what the whole band may have', async (band) => {
  const { person } = await supporter();
  const [youngest, oldest] = {
    UNDER_45: [18, 44],
    A45_59: [45, 59],
    A60_69: [60, 69],
    A70_80: [70, 80],
    OVER_80: [81, 100],
  }[band] as [number, number];
  // Another day, other offers: eight days of them.
  const started = insurance.clock.aheadMs;
  for (let day = 0; day < 8; day += 1) {
    insurance.clock.aheadMs = started + day * dayMs;
    for (const { offer } of await ofViewer(person, { offerAgeBand: band, offerRegionCode: 'SG' })) {
      if (offer.ageMin === undefined || offer.ageMax === undefined) continue;
      expect(offer.ageMin <= youngest && offer.ageMax >= oldest).toBe(true);
    }
  }
});

test('a guest’s gift and an age band that is not told bring nothing', async () => {
  const campaignId = newId('cmp');
  expect(await peers.gift(null, campaignId)).toBe(1);
  const { person } = await supporter();
  expect(await ofViewer(person, { offerAgeBand: null, offerRegionCode: null })).toEqual([]);
});

test('what a person told in a quote widens what is offered beside a campaign', async () => {
  const { person, campaignId } = await supporter();
  const unknown = await besideCampaign(person, campaignId);
  expect(unknown[0]?.why).toContain('open to every adult');
  await openQuote(insurance, person, { birthYear: 1980, regionCode: 'CN-BJ' });
  const known = await besideCampaign(person, campaignId);
  expect(known[0]?.why).toContain('your age and region');
});

test('looking again brings the same offers, three at most in a day', async () => {
  const { person, campaignId } = await supporter();
  const other = newId('cmp');
  await peers.gift(person.id, other);
  const first = await ofViewer(person);
  expect(await ofViewer(person)).toEqual(first);
  const keys = (offers: ShownOffer[]) => offers.map(({ optOutKey }) => optOutKey);
  expect(keys(await besideCampaign(person, other))).toEqual(keys(await besideCampaign(person, campaignId)));
});

test('what is declined is not offered again until then, and what one has is not offered at all', async () => {
  const { person, campaignId } = await supporter();
  const [first] = await besideCampaign(person, campaignId);
  const decline = `mutation ($input: DeclineOfferInput!) {
    declineOffer(input: $input) { viewer { id } userErrors { code field } } }`;
  const input = { optOutKey: first?.optOutKey, forDays: 7 };
  for (let round = 0; round < 2; round += 1) {
    const { data } = await insurance.ask(decline, { input }, person);
    expect(data).toEqual({ declineOffer: { viewer: { id: person.id }, userErrors: [] } });
  }
  const keys = async () => (await besideCampaign(person, campaignId)).map(({ optOutKey }) => optOutKey);
  expect(await keys()).not.toContain(first?.optOutKey);
  await insurance.ask(decline, { input: { optOutKey: `plan:${castId('plan', 2)}` } }, person);

  for (const [bad, code] of [
    [{ optOutKey: 'plan:nothing' }, 'NOT_FOUND'],
    [{ optOutKey: 'product:NO-SUCH' }, 'NOT_FOUND'],
    [{ optOutKey: '\u0000' }, 'NOT_FOUND'],
    [{ optOutKey: first?.optOutKey, forDays: 0 }, 'INVALID_INPUT'],
    [{ optOutKey: first?.optOutKey, forDays: 1_000_000 }, 'INVALID_INPUT'],
  ] as const) {
    const { data } = await insurance.ask(decline, { input: bad }, person);
    expect(data).toMatchObject({ declineOffer: { viewer: null, userErrors: [{ code }] } });
  }

  const { person: member, campaignId: theirs } = await supporter();
  await join(insurance, member, { planId: castId('plan', 3), amount: null });
  const offered = await besideCampaign(member, theirs);
  expect(offered.map(({ offer }) => offer.id)).not.toContain(castId('plan', 3));
});

test('an event counts once, also when the consumer starts anew', async () => {
  const { person } = await supporter();
  expect(await peers.users.drain()).toBe(0);
  expect(await peers.campaigns.drain()).toBe(0);
  expect((await ofViewer(person)).length).toBeGreaterThan(0);
});
