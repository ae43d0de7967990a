import { readFile } from 'node:fs/promises';
import type { BenchLedger } from './bench-ledger.ts';
import { figuresOf, measure, middleOf } from './measure.ts';
import type { Sample } from './measure.ts';
import { formatTable, formatTarget, say } from './print.ts';

const CALLERS = 256;
/** The first share of the time, in which caches and the heap take their size. */
const WARM_UP_SHARE = 0.2;
const MIB = 1024 * 1024;

interface Reading {
  readonly nodeMib: number;
  readonly lanesMib: number;
}

/** Lets a crowd give to one hot campaign for so long and says what memory did at the start, in the middle and at the end. */
export async function checkMemory(ledger: BenchLedger, lengthMs: number): Promise<void> {
  const { committer, readWalBytes } = ledger;
  const books = ledger.books.slice(0, 1);
  const steps = Math.max(15, Math.round(lengthMs / 5_000));
  const post = async (input: Parameters<typeof committer.post>[0]) => committer.post(input);
  const readings: Reading[] = [];
  const samples: Sample[] = [];
  for (let step = 0; step < steps; step += 1) {
    samples.push(await measure(post, { callers: CALLERS, books, lengthMs: lengthMs / steps }, readWalBytes));
    readings.push(await read(ledger));
  }
  const flat = readings.slice(Math.floor(steps * WARM_UP_SHARE));
  const third = Math.max(1, Math.floor(flat.length / 3));
  const parts = {
    start: flat.slice(0, third),
    middle: flat.slice(third, -third),
    end: flat.slice(-third),
  };
  say(`${Math.round(lengthMs / 1_000)} s, one hot campaign, ${CALLERS} callers:`);
  const gifts = samples.reduce((sum, each) => sum + each.gifts, 0);
  say(formatTable([{ gifts, ...figuresOf(samples) }]));
  say();
  // Middle values: one collection of garbage more or less does not change them.
  const rows = Object.entries(parts).map(([at, part]) => ({
    at,
    'committer and callers, RSS MiB': Math.round(middleOf(part.map((each) => each.nodeMib))),
    'PostgreSQL behind its lanes, MiB': middleOf(part.map((each) => each.lanesMib)).toFixed(1),
  }));
  say(formatTable(rows));
  say();
  const growth =
    middleOf(parts.start.map((each) => each.nodeMib)) / middleOf(parts.end.map((each) => each.nodeMib));
  say(formatTarget('(c) memory is flat: RSS at the start to RSS at the end', growth, 0.9));
}

async function read(ledger: BenchLedger): Promise<Reading> {
  const lanes = await Promise.all((await ledger.lanePids()).map(privateMib));
  return {
    nodeMib: process.memoryUsage.rss() / MIB,
    lanesMib: lanes.reduce((sum, each) => sum + each, 0),
  };
}

/** Memory of a process that it shares with nobody (Linux, proc(5)); 0 where that cannot be told. */
async function privateMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}
