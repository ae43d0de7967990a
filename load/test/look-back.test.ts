import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../src/audit/finding.ts';
import { createWitness } from '../src/audit/witness.ts';
import { readWalPosition } from '../src/figures.ts';
import { lookBack, type LookBack } from '../src/look-back.ts';
import { renderHtml } from '../src/report/html.ts';
import { renderText } from '../src/report/text.ts';
import type { RunOutcome } from '../src/run.ts';
import { findScenario } from '../src/scenarios.ts';
import { createTimeline } from '../src/timeline.ts';
import { startBooksDatabase } from './support/books-database.ts';

const findings: Finding[] = [{ fault: 'LOST', subject: 'run-1', detail: 'acknowledged as don_1' }];
const books = await startBooksDatabase();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-look-back-'));
  await writeFile(join(folder, 'record'), '{"kind":"sent","key":"run-1"}\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function sourcesAt(databaseUrl: string) {
  return { recordFile: join(folder, 'record'), databaseUrl, sandboxUrl: undefined, bookStart: 0 };
}

/** What a person is told of a run with a finding. */
function toldOf(back: LookBack): { text: string; html: string } {
  const scenario = findScenario('smoke');
  if (scenario === undefined) throw new Error('there is a smoke');
  const gifts = { sent: 1, acknowledged: 1, refused: 0, turnedAway: 0, booked: 0, asked: 1, unasked: 0 };
  const none = { amount: 0n, closed: 0, unknown: { counted: 0, absent: 0 }, money: null };
  const trend = { med: 1, 'p(95)': 1, 'p(99)': 1, max: 1 };
  const outcome: RunOutcome = {
    scenario,
    rate: 1,
    seconds: 1,
    startedAt: new Date(0),
    verdict: { findings, ...gifts, ...none },
    testimony: createWitness().testimony,
    summary: { http_req_duration: trend, http_reqs: { count: 1, rate: 1 } },
    timeline: createTimeline(0).timeline,
    marks: [],
    queueRows: [],
    batches: { commits: 0, median: 0, largest: 0 },
    ...back,
  };
  return { text: renderText(outcome), html: renderHtml({ title: 'smoke', says: '' }, [outcome]) };
}

test('what was found is told, with its history', async () => {
  const walStart = await readWalPosition(books.url);
  const { text, html } = toldOf(await lookBack(findings, sourcesAt(books.url), walStart));
  expect(text).toMatch(
    /^\nFAILED: 1 differences\.\n[^]*LOST +run-1: acknowledged as don_1\nHistory of run-1\n/,
  );
  expect(html).toMatch(/PostgreSQL<\/td><td>\d/);
});

test('what was found is told when a table that only histories need cannot be read', async () => {
  await books.tamper(`create role auditor login password 'test'`);
  await books.tamper('grant connect on database campaigns to auditor');
  await books.tamper('grant select on intents to auditor');
  await books.tamper('grant usage on schema public, ledger to auditor');
  await books.tamper('grant select on all tables in schema ledger to auditor');
  const url = new URL(books.url);
  url.username = 'auditor';
  url.password = 'test';
  const { text, html } = toldOf(await lookBack(findings, sourcesAt(url.href), '0/0'));
  const lines = text.split('\n').slice(-2);
  expect(lines).toEqual([
    '  LOST          run-1: acknowledged as don_1',
    expect.stringMatching(/^the histories could not be read: .*permission denied for table \w+$/),
  ]);
  expect(html).toContain('the histories could not be read');
});

test('what was found is told when the database is away', async () => {
  const { text, html } = toldOf(
    await lookBack(findings, sourcesAt('postgres://auditor@127.0.0.1:1/campaigns'), '0/0'),
  );
  expect(text).toMatch(/LOST +run-1: .*\nthe histories could not be read: .*ECONNREFUSED/);
  expect(html).toMatch(/PostgreSQL<\/td><td>could not be read: .*ECONNREFUSED/);
});
