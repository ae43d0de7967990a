import { describe, expect, test } from 'vitest';
import {
  ageBandOf,
  atLeast,
  consentPurposes,
  consentTextVersions,
  realNameLevels,
  trustBands,
} from '../src/vocabulary.ts';

describe('a person belongs to the age band of the year', () => {
  test.each([
    [44, 'UNDER_45'],
    [45, 'A45_59'],
    [59, 'A45_59'],
    [60, 'A60_69'],
    [69, 'A60_69'],
    [70, 'A70_80'],
    [80, 'A70_80'],
    [81, 'OVER_80'],
  ])('at %i: %s', (age, band) => {
    expect(ageBandOf(2026 - age, 2026)).toBe(band);
  });
});

test('a level satisfies itself and everything weaker', () => {
  expect(atLeast(realNameLevels, 'FOUR_FACTOR', 'TWO_FACTOR')).toBe(true);
  expect(atLeast(realNameLevels, 'TWO_FACTOR', 'TWO_FACTOR')).toBe(true);
  expect(atLeast(realNameLevels, 'NONE', 'TWO_FACTOR')).toBe(false);
  expect(atLeast(trustBands, 'HIGH', 'GOOD')).toBe(true);
  expect(atLeast(trustBands, 'LOW', 'FAIR')).toBe(false);
});

test('every purpose has a text of its own', () => {
  expect(new Set(consentPurposes.map((purpose) => consentTextVersions[purpose])).size).toBe(
    consentPurposes.length,
  );
});
