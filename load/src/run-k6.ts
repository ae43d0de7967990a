import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** A k6 run and where it writes. */
export interface K6Run {
  k6Path: string;
  script: string;
  recordFile: string;
  summaryFile: string;
  settings: Readonly<Record<string, string>>;
  /** Called about once a second while k6 runs. */
  onTick: () => Promise<void>;
  /** Ends k6 at once. */
  signal: AbortSignal;
}

const trend = z.looseObject({ med: z.number(), 'p(95)': z.number(), 'p(99)': z.number(), max: z.number() });
const counter = z.looseObject({ count: z.number(), rate: z.number() });
const summaryShape = z.object({
  metrics: z.looseObject({
    gifts_acknowledged: counter.optional(),
    gift_ms: trend.optional(),
    gift_retries: counter.optional(),
    http_req_duration: trend,
    http_reqs: counter,
    dropped_iterations: counter.optional(),
  }),
});

/** Figures of a run as k6 sums them up; times in milliseconds. */
export type K6Summary = z.infer<typeof summaryShape>['metrics'];

/** k6 ended without doing its work. */
export class K6Failed extends Error {
  override readonly name = 'K6Failed';
}

const tickMs = 1_000;
const maxTailCharacters = 4_000;

/** Runs a scenario to its end. Gives the summary. */
export async function runK6(run: K6Run): Promise<K6Summary> {
  const environment = Object.entries(run.settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const args = [
    'run',
    '--no-color',
    '--quiet',
    '--console-output',
    run.recordFile,
    '--log-format',
    'raw',
    '--summary-export',
    run.summaryFile,
    '--no-usage-report',
    '--address',
    '',
    ...environment,
    run.script,
  ];
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal]);
  const child = spawn(run.k6Path, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let tail = '';
  const hear = (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-maxTailCharacters);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new AbortController();
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => ended.abort());
  const [code] = await Promise.all([closed, tick(run.onTick, ended.signal)]).finally(() => failed.abort());
  if (code !== 0) throw new K6Failed(`k6 ended with code ${code}:\n${tail}`);
  return summaryShape.parse(JSON.parse(await readFile(run.summaryFile, 'utf8'))).metrics;
}

async function tick(onTick: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await onTick();
    // An abort ends the wait early; the loop's condition sees it.
    await delay(tickMs, undefined, { signal }).catch(() => undefined);
  }
}
