import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { startFollowers } from '../src/follow/followers.ts';
import { readObservations } from '../src/observations.ts';
import { startBooksDatabase } from './support/books-database.ts';
import { judgeRun, type PlantedRun, type Tamper } from './support/planted-run.ts';

const books = await startBooksDatabase();

describe('of live totals, the auditor', () => {
  const waiting = { timeout: 10_000, interval: 10 };
  const longTurnMs = 60_000;
  type Rest = (told: { file: string; readings: () => number }, run: PlantedRun) => Promise<void>;
  /** A donor and a stranger follow, while the rest happens. */
  const followWhile =
    (rest: Rest, donorsTurnMs: number): Tamper =>
    async (run) => {
      const { campaignId, runId, witness, graph } = run;
      const file = join(await mkdtemp(join(tmpdir(), 'banyan-followers-')), 'record');
      const followers = startFollowers({
        graphUrl: graph.url,
        keyPrefix: `${runId}-`,
        campaignIds: [campaignId],
        count: 2,
        tokens: async () => ({ donors: [], askAgainAtMs: 0 }),
        file,
        donorsTurnMs,
      });
      await rest({ file, readings: () => followers.readings }, run);
      await followers.stop();
      await followers.stop();
      for await (const seen of readObservations(file)) witness.testify(seen);
      await rm(dirname(file), { recursive: true });
    };
  /** The donor gives and follows a few times. */
  const aFewTurns: Rest = async ({ readings }) => {
    await vi.waitFor(() => expect(readings()).toBeGreaterThan(30), waiting);
  };
  const follow = followWhile(aFewTurns, 40);
  /** Both are told a first state; then somebody gives, long ago by the record's time. */
  const aGiftOfLongAgo: Rest = async ({ readings }, { campaignId, runId, give }) => {
    await vi.waitFor(() => expect(readings()).toBeGreaterThanOrEqual(2), waiting);
    await give({ key: `${runId}-7`, campaignId, amount: 700n });
  };
  /** The same, and the stranger hears of it. */
  const aGiftThatIsTold: Rest = async (told, run) => {
    await aGiftOfLongAgo(told, run);
    const version = run.witness.testimony.newest.get(run.campaignId)?.version;
    await vi.waitFor(async () => {
      const lines = (await readFile(told.file, 'utf8')).split('\n');
      const ofStranger = lines.filter((line) => line.includes('"reader":"follower-1-stream-1"'));
      expect(ofStranger.join('\n')).toContain(`"version":"${version}"`);
    }, waiting);
  };

  test('finds nothing with an honest graph, and has judged what followers were told', async () => {
    const { verdict, testimony } = await judgeRun(books, 'none', follow);
    expect(verdict.findings).toEqual([]);
    expect(testimony.liveReadings).toBeGreaterThan(30);
    expect(verdict.acknowledged).toBeGreaterThan(7);
  });

  test('catches streams that begin with less than their donor was acknowledged', async () => {
    const { verdict } = await judgeRun(books, 'live totals begin with an old state', follow);
    const readers = verdict.findings.map(({ fault, reader }) => `${fault} ${reader}`);
    // Which of its streams are caught depends on what was counted between two of them.
    expect(readers).toContainEqual(expect.stringMatching(/^STALE follower-0-stream-\d+$/));
  });

  test('catches streams that tell their first state and nothing more, where an honest graph tells of the gift', async () => {
    expect(
      (await judgeRun(books, 'none', followWhile(aGiftThatIsTold, longTurnMs))).verdict.findings,
    ).toEqual([]);
    const { verdict } = await judgeRun(
      books,
      'live totals stand still',
      followWhile(aGiftOfLongAgo, longTurnMs),
    );
    const readers = verdict.findings.map(({ fault, reader }) => `${fault} ${reader}`);
    expect(readers).toEqual(['STALE follower-1-stream-1']);
  });

  test('catches streams that go back', async () => {
    const { faults } = await judgeRun(books, 'live totals go back', follow);
    expect(Object.keys(faults)).toEqual(['STALE']);
  });
});
