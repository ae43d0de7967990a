import { createHash } from 'node:crypto';
import { TypeID } from 'typeid-js';
import { expect, test } from 'vitest';
import {
  campaigns,
  castId,
  circles,
  counts,
  hotCampaign,
  instructors,
  isLicensed,
  kinships,
  organisationOf,
  organisations,
  people,
  personOf,
  personas,
  products,
  seedId,
  staffMembers,
} from '../src/seed.ts';

test('the cast is the same on every machine', () => {
  const everything = { people, organisations, instructors, campaigns, circles, products, kinships };
  const hash = createHash('sha256').update(JSON.stringify(everything)).digest('hex');
  expect(hash.slice(0, 12)).toMatchInlineSnapshot(`"f3455385b797"`);
});

test('ids are TypeIDs of version 7, one per thing', () => {
  const ids = people.map(({ id }) => id);
  expect(new Set(ids).size).toBe(counts.people);
  const uuid = TypeID.fromString(castId('campaign', 1), 'cmp').toUUID();
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(seedId('don', '1/17')).not.toBe(seedId('don', '11/7'));
});

test('there are as many of each as promised', () => {
  expect(people).toHaveLength(counts.people);
  expect(organisations).toHaveLength(counts.organisations);
  expect(instructors).toHaveLength(counts.instructors);
  expect(campaigns).toHaveLength(counts.campaigns);
  expect(circles).toHaveLength(counts.circles);
  expect(products).toHaveLength(counts.products);
});

test('people are of the ages, places and phones that the design names', () => {
  for (const person of people) {
    expect(person.birthYear).toBeGreaterThanOrEqual(1941);
    expect(person.birthYear).toBeLessThanOrEqual(1985);
    expect(person.phone).toMatch(/^\+861380000\d{4}$/);
    expect(person.displayName).not.toBe('');
  }
  expect(people.filter(({ language }) => language === 'en').length).toBeGreaterThan(20);
});

test('every personal campaign is for its organiser or for a confirmed relative, in the relation that is confirmed', () => {
  for (const campaign of campaigns.filter(({ kind }) => kind === 'PERSONAL_HELP')) {
    if (campaign.relation === 'SELF') {
      expect(campaign.beneficiary).toBe(campaign.organiser);
    } else {
      expect(kinships).toContainEqual({
        person: campaign.organiser,
        relative: campaign.beneficiary,
        relation: campaign.relation,
      });
    }
  }
});

test('a parent is at least a score of years older than the child', () => {
  for (const { person, relative, relation } of kinships) {
    const years = personOf(relative).birthYear - personOf(person).birthYear;
    if (relation === 'CHILD') expect(years).toBeGreaterThan(20);
    if (relation === 'PARENT') expect(years).toBeLessThan(-20);
  }
});

test('only a licensed charity raises from the public, and both kinds of licence occur', () => {
  const raising = campaigns.filter(({ charity, live }) => charity !== null && live);
  expect(raising.length).toBeGreaterThan(10);
  for (const { charity } of raising) expect(isLicensed(organisationOf(charity as number))).toBe(true);
  const charities = organisations.filter(({ kinds }) => kinds.includes('CHARITY'));
  expect(charities.map(isLicensed)).toContain(false);
});

test('whoever has a part to play is known by name', () => {
  const parts = [
    ...organisations.map(({ owner }) => owner),
    ...instructors.map(({ user }) => user),
    ...campaigns.flatMap(({ organiser, beneficiary }) =>
      beneficiary ? [organiser, beneficiary] : [organiser],
    ),
    ...circles.flatMap(({ operator }) => ('user' in operator ? [operator.user] : [])),
  ];
  for (const part of parts) expect(personOf(part).realNameLevel).not.toBe('NONE');
});

test('every staff role is filled, review by two', () => {
  expect(staffMembers.map(({ role }) => role).toSorted()).toEqual(
    ['ACCOUNTANT', 'CUSTOMER_SERVICE', 'MODERATOR', 'REVIEWER', 'REVIEWER', 'SRE'].toSorted(),
  );
});

test('the hot campaign is live and run by its persona', () => {
  expect(campaigns[0]).toBe(hotCampaign);
  expect(hotCampaign).toMatchObject({ live: true, organiser: personas.organiser.number });
});
