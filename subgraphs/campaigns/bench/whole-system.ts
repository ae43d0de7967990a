import { createDatabase } from '@banyan/kit/database';
import { audit } from '@banyan/ledger';
import { banyanPrograms, startSystem, type System } from '@banyan/local';
import { hotCampaign } from '@banyan/seed';
import { sql } from 'kysely';
import { createHistogram } from 'node:perf_hooks';
import { Pool } from 'undici';
import type { Database } from '../src/db/database.ts';
import { cpuSecondsOf } from './system/cpu.ts';
import { surge, type Surge } from './system/surge.ts';
import { plainTables } from './two-committers/src/plain-committer.ts';

/*
 * Gifts to one hot campaign through gateway and subgraph of a whole system that is started for it, with fsync: a transaction
 * per gift against the product's way, in turn. The callers share the machine: ratios count. Half a minute and the start.
 */
const CALLERS = 256;
const ROUNDS = 3;
const ROUND_MS = 4_000;
const WARM_UP_MS = 2_000;
const TARGET = 3;
/** Odd amounts take a transaction each: see two-committers. */
const ways = { '(a) transaction per gift': 1_001, '(c) group commit': 1_000 } as const;
const shown = ['gateway', 'campaigns', 'postgres', 'sandbox', 'users', 'insurance'] as const;

interface Round extends Surge {
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

async function main(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const folder = new URL('two-committers', import.meta.url).pathname;
  const system = await startSystem({
    basePort: 0,
    programs: banyanPrograms().map((each) => (each.name === 'campaigns' ? { ...each, folder } : each)),
    // The sweep would look for the gifts of (a) in the ledger.
    settings: { '*': { LOG_LEVEL: 'error' }, campaigns: { SWEEP_EVERY_SECONDS: '0' } },
  });
  cleanup.defer(() => system.stop());
  const owner = createDatabase<Database>({ url: system.databases['campaigns'] ?? '' });
  cleanup.defer(() => owner.destroy());
  await sql.raw(plainTables).execute(owner.db);
  await sql`insert into plain_totals values (${hotCampaign.id}, 0, 0)`.execute(owner.db);
  const pool = new Pool(system.urls['gateway'] ?? '', { connections: CALLERS, pipelining: 1 });
  cleanup.defer(() => pool.close());

  const rounds = new Map<string, Round[]>(Object.keys(ways).map((how) => [how, []]));
  for (const minor of Object.values(ways)) await surge(pool, { callers: 64, minor, lengthMs: WARM_UP_MS });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [how, minor] of Object.entries(ways))
      rounds.get(how)?.push(await observe(system, pool, minor));
  }
  print(rounds);
  const findings = await audit(owner.db);
  console.log(findings.length === 0 ? 'audit: no difference' : findings);
}

async function observe(system: System, pool: Pool, minor: number): Promise<Round> {
  const read = () => Object.fromEntries(shown.map((name) => [name, cpuSecondsOf(system.pid(name) ?? 0)]));
  const before = read();
  const ownBefore = process.cpuUsage();
  const seen = await surge(pool, { callers: CALLERS, minor, lengthMs: ROUND_MS });
  const own = process.cpuUsage(ownBefore);
  const cpuSeconds: Record<string, number> = { callers: (own.user + own.system) / 1e6 };
  for (const [name, seconds] of Object.entries(read())) cpuSeconds[name] = seconds - (before[name] ?? 0);
  return { ...seen, cpuSeconds };
}

function print(rounds: ReadonlyMap<string, readonly Round[]>): void {
  console.table(
    [...rounds].map(([how, of]) => ({
      how,
      callers: CALLERS,
      'gifts/s': Math.round(middleOf(of.map(rateOf))),
      ...latenciesOf(of),
      ...cpuOf(of),
    })),
  );
  const [plain, grouped] = [...rounds.values()].map((of) => of.map(rateOf));
  // Round by round, since both then had the machine in the same mood.
  const ratio = middleOf((grouped ?? []).map((rate, round) => rate / (plain?.[round] ?? Number.NaN)));
  const isMet = ratio >= TARGET;
  if (!isMet) process.exitCode = 1;
  console.log(
    `${isMet ? 'met   ' : 'MISSED'}  (c) to (a) through the gateway, ${CALLERS} callers: ${ratio.toFixed(2)} (target ${TARGET})`,
  );
}

function rateOf({ gifts, seconds }: Surge): number {
  return gifts / seconds;
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function latenciesOf(rounds: readonly Surge[]) {
  const all = createHistogram();
  for (const { latencyUs } of rounds) all.add(latencyUs);
  return {
    'p50 ms': Math.round(all.percentile(50) / 1_000),
    'p99 ms': Math.round(all.percentile(99) / 1_000),
  };
}

/** Microseconds of CPU for one gift, by who used them. */
function cpuOf(rounds: readonly Round[]): Record<string, number> {
  const gifts = rounds.reduce((sum, each) => sum + each.gifts, 0);
  return Object.fromEntries(
    [...shown, 'callers'].map((name) => {
      const seconds = rounds.reduce((sum, each) => sum + (each.cpuSeconds[name] ?? 0), 0);
      return [`${name} us`, Math.round((seconds / gifts) * 1e6)];
    }),
  );
}

await main();
