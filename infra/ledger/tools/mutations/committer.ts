import type { Mutation } from './mutation.ts';

const LANE = 'infra/ledger/src/lane.ts';
const CONNECTION = 'infra/ledger/src/connection.ts';
const SQL_FAULT = 'infra/kit/src/database/sql-fault.ts';
const FAULTS = 'infra/ledger/src/faults.ts';

const committer = (name: string) => ({ file: 'infra/ledger/test/committer.test.ts', name });
const lost = (name: string) => ({ file: 'infra/ledger/test/lost-connection.test.ts', name });
const passing = (name: string) => ({ file: 'infra/ledger/test/passing-faults.test.ts', name });
const totals = (name: string) => ({ file: 'infra/ledger/test/totals.test.ts', name });

/** What the committer and the readers of the ledger keep in TypeScript: the queue, the call, what a failure means. */
export const ofCommitter: readonly Mutation[] = [
  {
    point: 1,
    without: 'what arrives together travels together',
    file: LANE,
    find: 'await nextTurn();',
    replace: '',
    test: committer('a batch has a bound'),
  },
  {
    point: 1,
    without: 'a bound on the rows of a call',
    file: LANE,
    find: 'this.#queue.take(this.#settings.maxBatchRows, this.#settings.maxBooksPerCall)',
    replace: 'this.#queue.take(Infinity, this.#settings.maxBooksPerCall)',
    test: committer('a batch has a bound'),
  },
  {
    point: 1,
    without: 'one call under way',
    file: LANE,
    find: 'if (batch.length > 0) await this.#submit(batch, false);',
    replace: 'if (batch.length > 0) void this.#submit(batch, false);',
    test: committer('what arrives while a batch is committed travels as the next one'),
  },
  {
    point: 1,
    without: 'a bound on what waits',
    file: LANE,
    find: 'if (this.#queue.rows >= this.#settings.maxQueueRows) {',
    replace: 'if (this.#queue.rows < 0) {',
    test: committer('a full queue turns away at once, says when to come back, and has no effect'),
  },
  {
    point: 1,
    without: 'the check before the queue',
    file: 'infra/ledger/src/validate.ts',
    find: `if (text.includes('\\0') || !text.isWellFormed()) {`,
    replace: 'if (!text.isWellFormed()) {',
    test: committer('a NUL in the key is refused before it is queued'),
  },
  {
    point: 1,
    without: 'the search for the row at fault',
    file: LANE,
    find: `if (fault.kind === 'ROW') return this.#isolate(batch, error, mayHaveCommitted);`,
    replace: '',
    test: committer('a row that the database refuses is found among 64 and fails alone'),
  },
  {
    point: 5,
    without: 'the commit before the answer',
    file: CONNECTION,
    find: 'const rows = await this.#answerOf(client.query<(string | null)[]>(query));',
    replace: `client.query('begin').catch(() => undefined);
    const rows = await this.#answerOf(client.query<(string | null)[]>(query));
    client.query('commit').catch(() => undefined);`,
    test: committer('a commit that fails is not acknowledged, and fails the gift alone that it is due to'),
  },
  {
    point: 5,
    without: 'the disk before the answer',
    file: CONNECTION,
    find: '-c synchronous_commit=on',
    replace: '-c application_name=ledger',
    test: committer('an acknowledged gift is on disk, whatever the default of the database'),
  },
  {
    point: 5,
    without: 'sending the batch of a lost connection again',
    file: FAULTS,
    find: "return { kind: 'RETRY', discard: true, mayHaveCommitted: true };",
    replace: "return { kind: 'FATAL' };",
    test: lost('cut after the commit: every gift is counted once, and answered as the first time'),
  },
  {
    point: 5,
    without: 'the doubt that a lost connection leaves',
    file: LANE,
    find: 'mayHaveCommitted ||= fault.mayHaveCommitted;',
    replace: '',
    test: lost('never failed: when nobody answers any more the outcome is unknown, and the key tells later'),
  },
  {
    point: 5,
    without: 'the doubt when the time of the caller is up',
    file: LANE,
    find: 'entry.fail(new OutcomeUnknown(entry.input));',
    replace: 'entry.fail(this.#overloaded());',
    test: committer('a gift under way past the deadline is unknown, and goes on in the background'),
  },
  {
    point: 5,
    without: 'throwing away a connection whose statement is gone',
    file: SQL_FAULT,
    find: '25006|0A000|26000',
    replace: '25006|0A000',
    test: passing('a prepared statement that is gone, as behind a pooler: prepared anew, and nobody notices'),
  },
  {
    point: 5,
    without: 'trying a deadlock again',
    file: SQL_FAULT,
    find: '/^(40|55P03|57014)/',
    replace: '/^(40001|55P03|57014)/',
    test: passing('deadlock (40P01): counted once, the caller notices nothing'),
  },
  {
    point: 5,
    without: 'an end of trying',
    file: LANE,
    find: 'if (attempt >= this.#settings.maxAttempts || this.#isEnding) {',
    replace: 'if (this.#isEnding) {',
    test: passing('what never passes ends: no effect, and the caller is told so'),
  },
  {
    point: 6,
    without: 'lists by the place at which a gift was counted',
    file: 'infra/ledger/src/reads.ts',
    find: "{ column: 'version', direction },",
    replace: "{ column: 'id', direction },",
    test: totals('a transfer that is committed late comes late, whatever its id and the time it was made'),
  },
  {
    point: 7,
    without: 'a SELECT that began after the reader came',
    file: 'infra/ledger/src/shared-read.ts',
    find: 'if (this.#next?.keys === keys) this.#next = null;',
    replace: '',
    test: totals('who comes while one is under way waits for the next, and all of those share it'),
  },
  {
    point: 7,
    without: 'the wait for a version',
    file: 'infra/ledger/src/totals-reader.ts',
    find: 'if (totals && totals.version >= minVersion) return totals;',
    replace: 'if (totals) return totals;',
    test: totals('are waited for'),
  },
  {
    point: 11,
    without: 'calls of one book',
    file: 'infra/ledger/src/queue.ts',
    find: 'if (batch.length >= maxRows || served.length >= maxBooks) break;',
    replace: 'if (batch.length >= maxRows) break;',
    test: committer('where books are sharded, a call holds one book'),
  },
];
