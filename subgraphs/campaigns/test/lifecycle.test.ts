import { expect, test } from 'vitest';
import fc from 'fast-check';
import { isVerified, inverseRelation } from '../src/domain/kinship.ts';
import { mayRaiseFromPublic } from '../src/domain/licence.ts';
import { nextStatus, type CampaignStatus, type CampaignStep } from '../src/domain/lifecycle.ts';
import { gateKinds, refusalOf, stepAfter, type Decision, type Gate } from '../src/domain/review.ts';
import { relations } from '@banyan/vocabulary';

const steps: CampaignStep[] = [
  'PAUSE',
  'RESUME',
  'END',
  'WITHDRAW',
  'RESUBMIT',
  'EXAMINE',
  'ASK_FOR_INFO',
  'REJECT',
  'APPROVE',
];

test('whatever is tried, a campaign is live only after a review, and what has ended stays so', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 30 }), (tried) => {
      let status: CampaignStatus = 'SUBMITTED';
      const seen = new Set<CampaignStatus>([status]);
      for (const step of tried) {
        const before = status;
        status = nextStatus(status, step) ?? status;
        if (status === 'LIVE' && !seen.has('LIVE')) expect(before).toBe('IN_REVIEW');
        if (['ENDED', 'REJECTED', 'CLOSED'].includes(before)) expect(status).toBe(before);
        seen.add(status);
      }
    }),
  );
});

test('whoever decides in whatever order, a case is approved by as many people as it has gates', () => {
  const decisions = fc.array(
    fc.record({
      kind: fc.constantFrom(...gateKinds),
      state: fc.constantFrom('PASSED' as const, 'FAILED' as const, 'NEEDS_INFO' as const),
      by: fc.constantFrom('a', 'b', 'c', 'd', 'organiser'),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(decisions, (tried: Decision[]) => {
      let gates: Gate[] = gateKinds.map((kind) => ({ kind, state: 'OPEN', decidedBy: null }));
      for (const decision of tried) {
        if (refusalOf(decision, gates, ['organiser']) !== null) continue;
        const step = stepAfter(decision, gates);
        const { kind, state, by } = decision;
        gates = gates.map((gate) => (gate.kind === kind ? { kind, state, decidedBy: by } : gate));
        if (step !== 'APPROVE') continue;
        const deciders = new Set(gates.map(({ decidedBy }) => decidedBy));
        expect(deciders.size).toBe(gateKinds.length);
        expect(deciders.has('organiser')).toBe(false);
        expect(gates.every((gate) => gate.state === 'PASSED')).toBe(true);
      }
    }),
  );
});

test.each(relations)('kinship %s holds from both sides', (relation) => {
  const known = [{ personId: 'a', relativeId: 'b', relation }];
  expect(isVerified({ personId: 'a', relativeId: 'b', relation }, known)).toBe(true);
  expect(isVerified({ personId: 'b', relativeId: 'a', relation: inverseRelation[relation] }, known)).toBe(
    true,
  );
  expect(isVerified({ personId: 'a', relativeId: 'c', relation }, known)).toBe(false);
});

test.each([
  ['2026-01-01', true],
  ['2026-12-31', true],
  ['2025-12-31', false],
  ['2027-01-01', false],
])('a licence of the year 2026 on %s: %s', (day, valid) => {
  const licence = { licence_from: '2026-01-01', licence_to: '2026-12-31' };
  expect(mayRaiseFromPublic({ kinds: ['CHARITY'], ...licence }, day)).toBe(valid);
  expect(mayRaiseFromPublic({ kinds: ['HOSPITAL'], ...licence }, day)).toBe(false);
});
