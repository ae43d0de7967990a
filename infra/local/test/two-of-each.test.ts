import { startSwitchingProxy } from '@banyan/kit/proxy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  countOfGifts,
  giveAsGuest,
  startGiftSystem,
  stateUnderKey,
  whileCountingIsHeld,
  type GiftAnswer,
  type GiftSystem,
} from './gift-system.ts';
import { startCrowd } from './restart-load.ts';
import { banyanPrograms, type Program } from '../src/system.ts';

/** For what other processes do. */
const patience = { timeout: 30_000, interval: 50 };

const kinds = ['users', 'courses', 'campaigns', 'insurance', 'circles'];
const second = (name: string) => `${name}-2`;
/** Answers between two steps: enough to meet every process. */
const someAnswers = 40;

/** Two processes of each subgraph, and two gateways. */
function twoOfEach(): Program[] {
  return banyanPrograms().flatMap((program, index): Program[] => {
    const copy = { ...program, name: second(program.name), portOffset: 200 + index };
    if (program.kind === 'sandbox') return [program];
    return program.kind === 'gateway' ? [program, copy] : [program, { ...copy, copyOf: program.name }];
  });
}

/** Of each of the two processes of campaigns. */
const maxGiftsInFlight = 100;

let gifts: GiftSystem;
beforeAll(async () => {
  // Copies would answer in the place of processes that are away.
  const common = { CACHE: 'off', MAX_GIFTS_IN_FLIGHT: String(maxGiftsInFlight) };
  const settings = { '*': common, 'gateway-2': { ADMIN_PORT: '0' } };
  gifts = await startGiftSystem({ programs: twoOfEach(), settings });
}, 120_000);
afterAll(() => gifts.system.stop());

const urlOf = (name: string) => gifts.system.urls[name] ?? '';
/** Operations that a process has answered since it was started. */
async function operationsOf(name: string): Promise<number> {
  const text = await (await fetch(`${urlOf(name)}/metrics`)).text();
  return Number(/^banyan_operations_total\{[^}]*outcome="data"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}

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
  expect(await operationsOf('campaigns')).toBeGreaterThan(0);
  expect(await operationsOf('campaigns-2')).toBeGreaterThan(0);
});

test('a donor who waits no longer than half a second is told in time that it is not known, and the key tells what became of it', async () => {
  const before = await countOfGifts(gifts);
  const idempotencyKey = key();
  // Told while the count is held: not when the ledger gives up by itself, let alone when it is done.
  const answer = await whileCountingIsHeld(gifts, async () => {
    const told = await giveAsGuest(gifts, idempotencyKey, { 'banyan-deadline-ms': '500' });
    const state = await stateUnderKey(gifts, idempotencyKey);
    expect(state).toBe('INTENT');
    return told;
  });
  expect(answer).toMatchObject({ status: 200, code: 'OUTCOME_UNKNOWN', extensions: { retryable: true } });
  await expect.poll(() => stateUnderKey(gifts, idempotencyKey), patience).toBe('COUNTED');
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

const isReady = async (name: string) =>
  fetch(`${urlOf(name)}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );

function terminate(name: string): void {
  const pid = gifts.system.pid(name);
  if (pid === undefined) throw new Error(`${name} does not run`);
  process.kill(pid, 'SIGTERM');
}

/** As the page for operators says: SIGTERM, wait for its end, start the next, wait until that is ready. */
async function restart(name: string): Promise<void> {
  const before = gifts.system.restarts(name);
  terminate(name);
  await expect.poll(() => gifts.system.restarts(name), patience).toBe(before + 1);
  await expect.poll(() => isReady(name), patience).toBe(true);
}

test('every process is started anew while people read and give, one of each kind at a time, and nobody notices', async () => {
  await using balancer = await startSwitchingProxy(urlOf('gateway'));
  const before = await countOfGifts(gifts);
  const crowd = startCrowd(gifts, balancer.url);
  await crowd.more(someAnswers);

  await Promise.all(kinds.map(restart));
  await crowd.more(someAnswers);
  await Promise.all(kinds.map(second).map(restart));
  await crowd.more(someAnswers);

  for (const [ending, staying] of [
    ['gateway', 'gateway-2'],
    ['gateway-2', 'gateway'],
  ] as const) {
    const restarts = gifts.system.restarts(ending);
    terminate(ending);
    // What balances leads nobody to a gateway that is not ready.
    await expect.poll(() => isReady(ending), { ...patience, interval: 20 }).toBe(false);
    balancer.switchTo(urlOf(staying));
    await expect.poll(() => gifts.system.restarts(ending), patience).toBe(restarts + 1);
    await expect.poll(() => isReady(ending), patience).toBe(true);
    await crowd.more(someAnswers);
  }

  const { failures, gifts: acknowledged } = await crowd.end();
  expect(failures.slice(0, 3)).toEqual([]);
  expect(acknowledged).toBeGreaterThan(someAnswers);
  expect(await countOfGifts(gifts)).toBe(before + acknowledged);
  const names = [...kinds, ...kinds.map(second)];
  const served = await Promise.all(names.map(async (name) => [name, await operationsOf(name)]));
  expect(served.filter(([, operations]) => operations === 0)).toEqual([]);
}, 120_000);
