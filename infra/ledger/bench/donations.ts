import { inspect, parseArgs } from 'node:util';
import { startPostgres } from '@banyan/kit/embedded';
import { audit } from '../src/ledger.ts';
import { prepareLedger } from './bench-ledger.ts';
import { checkMemory } from './memory.ts';
import { failWhereMissed, say } from './print.ts';
import { compareStandby } from './standby.ts';
import { compareWays } from './ways.ts';

/*
 * npm run bench:donations                   three ways to count a gift, then memory for 20 seconds
 * npm run bench:donations -- --minutes 5    memory alone, for so long
 * npm run bench:donations -- --standby      what a synchronous standby costs
 *
 * On an embedded PostgreSQL of its own, with fsync. Callers, committer and server share the machine: ratios count. A target
 * that is missed, or a ledger with differences, ends it with code 1.
 */
const BOOKS = 1_000;
const SHORT_MEMORY_MS = 20_000;
const MS_PER_MINUTE = 60_000;

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, standby: { type: 'boolean', default: false } },
});
const minutes = values.minutes === undefined ? undefined : Number(values.minutes);

async function countAlone(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const server = await startPostgres();
  cleanup.defer(async () => server.stop());
  const ledger = cleanup.use(await prepareLedger(server.url, BOOKS));
  if (minutes === undefined) await compareWays(ledger);
  await checkMemory(ledger, minutes === undefined ? SHORT_MEMORY_MS : minutes * MS_PER_MINUTE);
  const findings = await audit(ledger.database.db);
  say(`audit: ${findings.length === 0 ? 'no difference' : inspect(findings)}`);
  if (findings.length > 0) process.exitCode = 1;
}

if (minutes !== undefined && !(minutes > 0)) throw new RangeError('--minutes takes a number above 0');
if (values.standby) await compareStandby();
else await countAlone();
failWhereMissed();
