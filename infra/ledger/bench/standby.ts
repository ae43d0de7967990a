import { startPostgres, startPostgresPair } from '@banyan/kit/embedded';
import { prepareLedger } from './bench-ledger.ts';
import type { BenchLedger } from './bench-ledger.ts';
import { figuresOf, measure, ratioOf } from './measure.ts';
import type { Sample } from './measure.ts';
import { formatTable, say } from './print.ts';

const ROUNDS = 5;
const ROUND_MS = 1_500;
const CALLERS = [64, 256, 1_024];
const ALONE = 'none';
const SYNCHRONOUS = 'synchronous';

/** Gifts to one hot campaign on a server alone and on one whose standby must have each commit on its disk, interleaved. */
export async function compareStandby(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const alone = await startPostgres();
  cleanup.defer(async () => alone.stop());
  const pair = cleanup.use(await startPostgresPair());
  const ledgers = new Map<string, BenchLedger>([
    [ALONE, cleanup.use(await prepareLedger(alone.url, 1))],
    [SYNCHRONOUS, cleanup.use(await prepareLedger(pair.primary.url, 1))],
  ]);
  const samples = new Map<string, Sample[]>();
  // Round 0 warms up and does not count.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const callers of CALLERS) {
      for (const [standby, { books, committer, readWalBytes }] of ledgers) {
        const crowd = { callers, books, lengthMs: ROUND_MS };
        const sample = await measure(async (input) => committer.post(input), crowd, readWalBytes);
        const name = nameOf(callers, standby);
        if (round > 0) samples.set(name, [...(samples.get(name) ?? []), sample]);
      }
    }
  }
  say(formatTable(CALLERS.flatMap((callers) => rowsOf(callers, samples))));
}

function rowsOf(callers: number, samples: ReadonlyMap<string, readonly Sample[]>) {
  const samplesOf = (standby: string) => samples.get(nameOf(callers, standby)) ?? [];
  return [ALONE, SYNCHRONOUS].map((standby) => ({
    callers,
    standby,
    ...figuresOf(samplesOf(standby)),
    'of none': ratioOf(samplesOf(standby), samplesOf(ALONE)).toFixed(2),
  }));
}

function nameOf(callers: number, standby: string): string {
  return `${callers} ${standby}`;
}
