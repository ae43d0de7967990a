import { createDatabase } from '@banyan/kit/database';
import { beforeEach, afterEach, expect, test } from 'vitest';
import { audit } from '../src/ledger.ts';
import type { LedgerTables, PostResult, TransferInput } from '../src/ledger.ts';
import { startLedgerPair } from './support/ledger-pair.ts';
import type { LedgerPair } from './support/ledger-pair.ts';
import { gift, unique } from './support/test-ledger.ts';

const CALLERS = 64;
const GIFTS = 1_000;

let pair: LedgerPair;

beforeEach(async () => {
  pair = await startLedgerPair();
});

afterEach(async () => {
  await pair[Symbol.asyncDispose]();
});

interface Acknowledged {
  readonly input: TransferInput;
  readonly result: PostResult;
}

/** Callers that give again as soon as they have their answer, until `end`. */
function startSurge() {
  const acknowledged: Acknowledged[] = [];
  let milestone = Number.POSITIVE_INFINITY;
  let reached = Promise.withResolvers<void>();
  let isOver = false;
  async function call(): Promise<void> {
    while (!isOver) {
      const input = gift(pair.book);
      acknowledged.push({ input, result: await pair.committer.post(input) });
      if (acknowledged.length === milestone) reached.resolve();
    }
  }
  const done = Promise.all(Array.from({ length: CALLERS }, async () => call()));
  return {
    acknowledged,
    /** Settles when so many more gifts are acknowledged. */
    async untilMore(gifts: number): Promise<void> {
      reached = Promise.withResolvers<void>();
      milestone = acknowledged.length + gifts;
      await Promise.race([reached.promise, done]);
    },
    async end(): Promise<void> {
      isOver = true;
      await done;
    },
  };
}

async function factsOnStandby(): Promise<string[]> {
  const rows = await pair.ask<{ id: string }>('standby', 'select id from ledger.transfers order by id');
  return rows.map((row) => row.id);
}

/** Every acknowledged gift is there once, nothing else is, and the sums follow from the postings. */
async function expectBooksToHold(acknowledged: readonly Acknowledged[]): Promise<void> {
  expect(new Set(acknowledged.map(({ result }) => result.outcome))).toEqual(new Set(['POSTED']));
  expect(await factsOnStandby()).toEqual(acknowledged.map(({ input }) => input.id).toSorted());
  const url = new URL(pair.servers.standby.url);
  url.pathname = '/ledger';
  const database = createDatabase<LedgerTables>({ url: url.href });
  expect(await audit(database.db)).toEqual([]);
  await database.destroy();
}

test('the primary dies in the middle of a surge: on the standby no gift is lost and none is doubled', async () => {
  const surge = startSurge();
  await surge.untilMore(GIFTS);
  await pair.killPrimary();
  const acknowledgedByPrimary = surge.acknowledged.slice();
  await pair.servers.promote();
  pair.leadToStandby();
  await surge.untilMore(GIFTS);
  await surge.end();
  await expectBooksToHold(surge.acknowledged);

  // Whoever asks again, with the same key, hears what the primary that is gone has answered.
  const again = acknowledgedByPrimary.map(async ({ input, result }) => ({
    answer: await pair.committer.post({ ...input, id: unique('again') }),
    result,
  }));
  for (const { answer, result } of await Promise.all(again)) {
    expect(answer).toMatchObject({ outcome: 'REPLAYED', transfer: result.transfer });
  }
  await expectBooksToHold(surge.acknowledged);
}, 60_000);

test('what only the disk of the primary holds is not acknowledged, and counted once after it is gone', async () => {
  const { transfer } = await pair.committer.post(gift(pair.book));
  const [sender] = await pair.ask<{ pid: number; state: string }>(
    'primary',
    'select pid, sync_state as state from pg_stat_replication',
  );
  expect(sender?.state).toBe('quorum');
  // From now on nothing of what the primary writes reaches the standby.
  process.kill(sender?.pid ?? 0, 'SIGSTOP');

  const gifts = Array.from({ length: 20 }, () => gift(pair.book));
  const answers: PostResult[] = [];
  const posted = gifts.map(async (each) => answers.push(await pair.committer.post(each)));
  await untilHeldOrAnswered(answers);
  expect(answers).toEqual([]);
  const gone = pair.killPrimary();
  process.kill(sender?.pid ?? 0, 'SIGKILL');
  await gone;
  // Promoted, it has applied all that it ever got.
  await pair.servers.promote();
  expect(await factsOnStandby()).toEqual([transfer?.id]);

  pair.leadToStandby();
  await Promise.all(posted);
  expect(new Set(answers.map((each) => each.outcome))).toEqual(new Set(['POSTED']));
  const counted = [transfer?.id ?? '', ...gifts.map((each) => each.id)];
  expect(new Set(await factsOnStandby())).toEqual(new Set(counted));
  expect(await factsOnStandby()).toHaveLength(counted.length);
}, 60_000);

/** Settles when a commit is on the primary's disk and waits for the standby's word. */
async function untilHeldOrAnswered(answers: readonly unknown[]): Promise<void> {
  while (answers.length === 0) {
    const held = await pair.ask(
      'primary',
      `select from pg_stat_activity where application_name = 'ledger' and wait_event = 'SyncRep'`,
    );
    if (held.length > 0) return;
  }
}
