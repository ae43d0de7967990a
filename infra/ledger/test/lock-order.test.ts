import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { openBook } from '../src/ledger.ts';
import { gift, startLedger, unique } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

test('locks are taken in the order of the books, whatever the order of the gifts', async () => {
  // The order of the books is neither that of the gifts nor that of the rows in the table.
  const [second, first] = [unique('zebra'), unique('ant')];
  for (const book of [second, first]) {
    await openBook(ledger.database.db, { book, currency: 'CNY', maxAmount: 1_000n });
  }
  const release = await ledger.holdBook(first);
  const other = await ledger.ownerSession();
  const committer = ledger.committer({ maxLanes: 1 });
  const backwards = [gift(second), gift(first)];
  const posted = Promise.all(backwards.map(async (each) => committer.post(each)));
  await ledger.untilBlocked(1);
  // The batch waits for the first book, so it must not hold the second yet.
  await other.query('select from ledger.totals where book = $1 for update nowait', [second]);
  await release();
  expect((await posted).map((each) => each.outcome)).toEqual(['POSTED', 'POSTED']);
});
