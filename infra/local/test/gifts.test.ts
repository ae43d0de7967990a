import { afterAll, beforeAll, expect, test } from 'vitest';
import { banyanPrograms } from '../src/system.ts';
import {
  countOfGifts,
  giveAsGuest,
  startGiftSystem,
  stateUnderKey,
  whileCountingIsHeld,
  type GiftAnswer,
  type GiftSystem,
} from './gift-system.ts';

/** Of each of the two processes of campaigns. */
const maxGiftsInFlight = 100;

let gifts: GiftSystem;
beforeAll(async () => {
  const programs = banyanPrograms({ campaigns: 2 });
  const small = { MAX_GIFTS_IN_FLIGHT: String(maxGiftsInFlight) };
  gifts = await startGiftSystem({ programs, settings: { campaigns: small, 'campaigns-2': small } });
}, 120_000);
afterAll(() => gifts.system.stop());

const key = () => crypto.randomUUID();
const times = <Result>(count: number, work: () => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, work));

test('twenty racers on each of fifty keys, by one gateway and two processes, make fifty gifts', async () => {
  const before = await countOfGifts(gifts);
  const ids: (string | undefined)[] = [];
  // Five keys at a time: not more gifts than either process takes.
  for (let group = 0; group < 50; group += 5) {
    const keys = Array.from({ length: 5 }, key);
    const answers = await Promise.all(
      keys.map(async (each) => times(20, async () => giveAsGuest(gifts, each))),
    );
    for (const racers of answers) {
      expect(racers.filter(({ donation }) => donation?.state !== 'COUNTED')).toEqual([]);
      expect(new Set(racers.map(({ donation }) => donation?.id)).size).toBe(1);
      ids.push(racers[0]?.donation?.id);
    }
  }
  expect(new Set(ids).size).toBe(50);
  expect(await countOfGifts(gifts)).toBe(before + 50);
  const hops = await Promise.all(['campaigns', 'campaigns-2'].map(operationsOf));
  expect(Math.min(...hops)).toBeGreaterThan(0);
});

async function operationsOf(process: string): Promise<number> {
  const text = await (await fetch(`${gifts.system.urls[process] ?? ''}/metrics`)).text();
  return Number(/^banyan_operations_total\{[^}]*outcome="data"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}

test('a donor who waits no longer than half a second is told in time that it is not known, and the key tells what became of it', async () => {
  const before = await countOfGifts(gifts);
  const idempotencyKey = key();
  const { answer, seconds } = await whileCountingIsHeld(gifts, async () => {
    const beganAtMs = performance.now();
    const told = await giveAsGuest(gifts, idempotencyKey, { 'banyan-deadline-ms': '500' });
    const state = await stateUnderKey(gifts, idempotencyKey);
    expect(state).toBe('INTENT');
    return { answer: told, seconds: (performance.now() - beganAtMs) / 1_000 };
  });
  expect(answer).toMatchObject({ status: 200, code: 'OUTCOME_UNKNOWN', extensions: { retryable: true } });
  // Not the ten seconds after which the ledger gives up by itself, whatever else this machine does.
  expect(seconds).toBeLessThan(5);
  await expect.poll(() => stateUnderKey(gifts, idempotencyKey)).toBe('COUNTED');
  expect((await giveAsGuest(gifts, idempotencyKey)).donation?.state).toBe('COUNTED');
  expect(await countOfGifts(gifts)).toBe(before + 1);
});

test('when every process has as many gifts as it takes, the next are told so with 503 and when to come back, and leave nothing', async () => {
  const before = await countOfGifts(gifts);
  const room = 2 * maxGiftsInFlight;
  const surplus = 20;
  const keys = Array.from({ length: room + surplus }, key);
  const refused: { key: string; answer: GiftAnswer }[] = [];
  const all = await whileCountingIsHeld(gifts, async () => {
    const full = Promise.withResolvers<void>();
    const given = keys.map(async (each) => {
      const answer = await giveAsGuest(gifts, each);
      if (answer.donation === undefined) refused.push({ key: each, answer });
      if (refused.length >= surplus) full.resolve();
      return answer;
    });
    await full.promise;
    return given;
  });
  const answers = await Promise.all(all);
  expect(refused.length).toBeGreaterThanOrEqual(surplus);
  for (const { answer } of refused) {
    expect(answer).toMatchObject({
      status: 503,
      retryAfter: '1',
      code: 'OVERLOADED',
      extensions: { retryable: true, retryAfterSeconds: 1 },
    });
  }
  const counted = answers.filter(({ donation }) => donation?.state === 'COUNTED');
  expect(counted.length).toBe(answers.length - refused.length);
  expect(await countOfGifts(gifts)).toBe(before + counted.length);
  const states = await Promise.all(refused.map(async ({ key: each }) => stateUnderKey(gifts, each)));
  expect(states.filter((state) => state !== undefined)).toEqual([]);
});
