import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { conduct, type FaultMark } from './faults/conduct.ts';
import { readQueueRows } from './figures.ts';
import { startFollowers, type FollowOptions } from './follow/followers.ts';
import { followRecord, renderLive } from './live.ts';
import { runK6, type K6Summary } from './run-k6.ts';
import type { RunOptions } from './run.ts';
import { scriptOf } from './scenarios.ts';

/** How many transfers waited for a batch at a moment. */
export interface QueueSample {
  readonly atMs: number;
  readonly rows: number;
}

/** What a load has left. */
export interface Loaded {
  readonly recordFile: string;
  readonly summary: K6Summary;
  readonly marks: readonly FaultMark[];
  readonly queueRows: readonly QueueSample[];
}

/** Runs k6, and followers beside it, into one record; the planned faults begin with the first acknowledgement. */
export async function applyLoad(
  options: RunOptions,
  folder: string,
  follow: Omit<FollowOptions, 'file'>,
  settings: Readonly<Record<string, string>>,
): Promise<Loaded> {
  const { target, faults, seconds, onLive } = options;
  const recordFile = join(folder, 'record.jsonl');
  const record = followRecord(recordFile);
  const queueRows: QueueSample[] = [];
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  let conducting: Promise<FaultMark[]> | undefined;
  let firstAtMs: number | undefined;
  async function onTick(): Promise<void> {
    const figures = await record.look(Date.now());
    if (figures.acknowledged > 0 && firstAtMs === undefined) {
      firstAtMs = Date.now();
      if (faults !== undefined) conducting = conduct(faults.machinery, faults.plan, signal);
      conducting?.catch(() => undefined);
    }
    const rows = await readQueueRows(target.campaignsUrls ?? []);
    if (rows !== undefined) queueRows.push({ atMs: Date.now(), rows });
    onLive(renderLive(figures, seconds - (Date.now() - (firstAtMs ?? Date.now())) / 1_000));
  }
  const followersFile = join(folder, 'followers.jsonl');
  const followers = startFollowers({ ...follow, file: followersFile });
  const summaryFile = join(folder, 'summary.json');
  const script = scriptOf(options.scenario);
  const k6 = { k6Path: options.k6Path, script, recordFile, summaryFile, settings, onTick };
  try {
    const summary = await runK6({ ...k6, signal: options.signal });
    await followers.stop();
    await pipeline(createReadStream(followersFile), createWriteStream(recordFile, { flags: 'a' }));
    return { recordFile, summary, marks: (await conducting) ?? [], queueRows };
  } finally {
    await followers.stop();
    ended.abort();
  }
}
