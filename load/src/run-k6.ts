import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A k6 run and where it writes. */
export interface K6Run {
  k6Path: string;
  script: string;
  /** Folder for the record and the summary. */
  folder: string;
  settings: Readonly<Record<string, string>>;
  /** Receives k6's own progress, a line at a time. */
  onProgress: (line: string) => void;
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

/** Runs a scenario to its end. Gives the file of the record and the summary. */
export async function runK6(run: K6Run): Promise<{ recordFile: string; summary: K6Summary }> {
  const recordFile = join(run.folder, 'record.jsonl');
  const summaryFile = join(run.folder, 'summary.json');
  const environment = Object.entries(run.settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const args = [
    'run',
    '--no-color',
    '--console-output',
    recordFile,
    '--log-format',
    'raw',
    '--summary-export',
    summaryFile,
    '--no-usage-report',
    ...environment,
    run.script,
  ];
  const child = spawn(run.k6Path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  const hear = (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    tail = (tail + text).slice(-4_000);
    const lines = text.split(/[\r\n]+/).filter((line) => line.includes('running ('));
    const last = lines.at(-1);
    if (last !== undefined) run.onProgress(last.trim());
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new K6Failed(`k6 ended with code ${code}:\n${tail}`);
  const summary = summaryShape.parse(JSON.parse(await readFile(summaryFile, 'utf8')));
  return { recordFile, summary: summary.metrics };
}
