import { startSwitchingProxy } from '@banyan/kit/proxy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countOfGifts, startGiftSystem, type GiftSystem } from './gift-system.ts';
import { startCrowd } from './restart-load.ts';
import { banyanPrograms, type Program } from '../src/system.ts';

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

let gifts: GiftSystem;
beforeAll(async () => {
  // Copies would answer in the place of processes that are away.
  const settings = { '*': { CACHE: 'off' }, 'gateway-2': { ADMIN_PORT: '0' } };
  gifts = await startGiftSystem({ programs: twoOfEach(), settings });
}, 120_000);
afterAll(() => gifts.system.stop());

const urlOf = (name: string) => gifts.system.urls[name] ?? '';
const isReady = async (name: string) =>
  fetch(`${urlOf(name)}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );
const patience = { timeout: 30_000, interval: 50 };

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

/** Operations that a process has answered since it was started. */
async function operationsOf(name: string): Promise<number> {
  const text = await (await fetch(`${urlOf(name)}/metrics`)).text();
  return Number(/^banyan_operations_total\{[^}]*outcome="data"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
