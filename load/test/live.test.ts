import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followRecord, renderLive } from '../src/live.ts';
import { createTimeline, percentile } from '../src/timeline.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-live-'));
});
afterEach(() => rm(folder, { recursive: true }));

function counted(at: number, sinceMs: number): string {
  const totals = { version: '1', raised: '1', count: '1' };
  const gift = { key: 'k', campaignId: 'c', amount: '1', donationId: 'd', reader: null };
  return JSON.stringify({ kind: 'counted', at, ...gift, totals, ms: 1, sinceMs });
}
const failed = (at: number) =>
  JSON.stringify({ kind: 'failed', at, key: 'k', status: 503, code: 'OVERLOADED' });

test('the live line follows a record while it is written, whole lines only', async () => {
  const file = join(folder, 'record.jsonl');
  const record = followRecord(file);
  expect(await record.look(10_000)).toMatchObject({ acknowledged: 0, p99Ms: undefined });
  const second = counted(9_500, 40);
  await appendFile(file, `${counted(9_000, 20)}\n${failed(9_100)}\n${second.slice(0, 30)}`);
  expect(await record.look(10_000)).toMatchObject({
    acknowledged: 1,
    failures: 1,
    giftsPerSecond: 0.2,
    p99Ms: 20,
  });
  await appendFile(file, `${second.slice(30)}\nk6 says something\n`);
  expect(await record.look(10_000)).toMatchObject({
    acknowledged: 2,
    failures: 1,
    giftsPerSecond: 0.4,
    p99Ms: 40,
  });
  // What lies further back than the window is in the sums alone.
  expect(await record.look(14_200)).toMatchObject({ acknowledged: 2, failures: 1, giftsPerSecond: 0.2 });
});

test('the live line tells rate, p99, errors and the time left', () => {
  const figures = {
    giftsPerSecond: 187.2,
    p99Ms: 41.4,
    failuresPerSecond: 0.6,
    failures: 3,
    acknowledged: 900,
  };
  expect(renderLive(figures, 72)).toBe('  187 gifts/s   p99    41 ms   errors 3 (0.6/s)   1:12 left');
  expect(renderLive({ ...figures, p99Ms: undefined }, -3)).toContain('finishing');
});

test('a timeline has a place for every second, also for those in which nothing happened', () => {
  const { timeline, note } = createTimeline(1_000);
  note({ kind: 'unread', at: 1_100, campaignId: 'c', status: 0 });
  note({ kind: 'failed', at: 3_999, key: 'k', status: 0, code: 'NO_ANSWER' });
  expect(timeline.seconds.map(({ failures }) => failures)).toEqual([1, 0, 1]);
});

test('a percentile is a value that was measured', () => {
  expect(percentile([], 0.5)).toBeUndefined();
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([3, 1, 2], 1)).toBe(3);
});
