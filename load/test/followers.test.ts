import { expect, test } from 'vitest';
import { placeOf } from '../src/follow/followers.ts';

test('donors and strangers follow the hot campaign and the one beside it alike', () => {
  const places = (campaignIds: readonly string[]) =>
    [0, 1, 2, 3].map((number) => {
      const { campaignId, isDonor } = placeOf(number, campaignIds);
      return `${isDonor ? 'donor' : 'stranger'} ${campaignId}`;
    });
  expect(places(['hot', 'beside', 'further'])).toEqual([
    'donor hot',
    'stranger hot',
    'donor beside',
    'stranger beside',
  ]);
  expect(new Set(places(['hot']))).toEqual(new Set(['donor hot', 'stranger hot']));
});
