import type { Mutation } from './mutation.ts';

const POST_BATCH = 'infra/ledger/src/migrations/post-batch.ts';
const WRITE_TRANSFERS = 'infra/ledger/src/migrations/write-transfers.ts';
const TABLES = 'infra/ledger/src/migrations/tables.ts';
const WITHDRAW = 'infra/ledger/src/migrations/withdraw.ts';

const idempotency = (name: string) => ({ file: 'infra/ledger/test/idempotency.test.ts', name });
const lockOrder = (name: string) => ({ file: 'infra/ledger/test/lock-order.test.ts', name });
const tables = (name: string) => ({ file: 'infra/ledger/test/tables.test.ts', name });
const totals = (name: string) => ({ file: 'infra/ledger/test/totals.test.ts', name });
const withdrawals = (name: string) => ({ file: 'infra/ledger/test/withdraw.test.ts', name });

/** What the functions, tables and grants of the ledger keep in the database. */
export const ofDatabase: readonly Mutation[] = [
  {
    point: 2,
    without: 'the lock, for a repeat in another process',
    file: POST_BATCH,
    find: 'perform from ledger.totals t where t.book = any (books) order by t.book for update;',
    replace: '',
    test: idempotency('a repeat that waited for the lock gets the first result, not an empty one'),
  },
  {
    point: 2,
    without: 'the lock, for a campaign that closes',
    file: POST_BATCH,
    find: 'perform from ledger.totals t where t.book = any (books) order by t.book for update;',
    replace: '',
    test: idempotency('a gift that waits while its book closes is never counted'),
  },
  {
    point: 2,
    without: 'one order of all locks',
    file: POST_BATCH,
    find: 'order by t.book for update;',
    replace: 'for update;',
    test: lockOrder('locks are taken in the order of the books, whatever the order of the gifts'),
  },
  {
    point: 3,
    without: 'the key before the status',
    file: POST_BATCH,
    find: 'when known_id is not null then',
    replace: `when is_book and status <> 'OPEN' then 'BOOK_CLOSED' when known_id is not null then`,
    test: idempotency('a retry after the close still gets its first answer'),
  },
  {
    point: 3,
    without: 'telling that a known key was used for something else',
    file: POST_BATCH,
    find: `case when is_same then 'REPLAYED' else 'KEY_REUSED' end`,
    replace: `'REPLAYED'`,
    test: idempotency('when half of a batch is already there'),
  },
  {
    point: 3,
    without: 'telling so inside one batch',
    file: POST_BATCH,
    find: `case when is_repeat then 'REPLAYED' else 'KEY_REUSED' end`,
    replace: `'REPLAYED'`,
    test: idempotency('within one batch, the first that may pass wins'),
  },
  {
    point: 3,
    without: 'totals in the answer to a repeat',
    file: POST_BATCH,
    find: 'left join ledger.totals t on t.book = d.book',
    replace: `left join ledger.totals t on t.book = d.book and d.outcome = 'POSTED'`,
    test: idempotency('a batch of repeats alone returns total and version, and changes neither'),
  },
  {
    point: 4,
    without: 'the payer in the scope of a new key',
    file: POST_BATCH,
    find: 'partition by book, payer, key',
    replace: 'partition by book, key',
    test: idempotency('the same key of two payers, and in two books, is three gifts'),
  },
  {
    point: 4,
    without: 'the payer in the scope of a known key',
    file: POST_BATCH,
    find: 'on k.book collate "POSIX" = i.book and k.payer = i.payer and k.key = i.key',
    replace: 'on k.book collate "POSIX" = i.book and k.key = i.key',
    test: idempotency('the same key of two payers, and in two books, is three gifts'),
  },
  {
    point: 4,
    without: 'a payer of every gift',
    file: TABLES,
    find: 'payer text collate "C" not null',
    replace: 'payer text collate "C"',
    test: idempotency('without a payer nothing is taken'),
  },
  {
    point: 6,
    without: 'a time that grows with the version',
    file: WRITE_TRANSFERS,
    find: "as_of = greatest(clock_timestamp(), t.as_of + interval '1 microsecond')",
    replace: 'as_of = clock_timestamp()',
    test: totals('asOf grows with the version, also when the clock of the server is set back'),
  },
  {
    point: 8,
    without: 'campaigns that do not wait for each other',
    file: WRITE_TRANSFERS,
    find: 'posted ledger.transfers[];\nbegin',
    replace: 'posted ledger.transfers[];\nbegin\n  perform pg_advisory_xact_lock(1);',
    test: tables('no row is shared by all books: a gift to one never waits for another book'),
  },
  {
    point: 9,
    without: 'the guard of the facts against their owner',
    file: 'infra/ledger/src/migrations/guards.ts',
    find: "raise exception 'ledger.% is append-only', tg_table_name using errcode = 'insufficient_privilege';",
    replace: 'return null;',
    test: tables('neither the service nor the owner can: delete from ledger.transfers'),
  },
  {
    point: 9,
    without: 'grants that read alone',
    file: 'infra/ledger/src/migrations/ledger-migration.ts',
    find: 'grant select on all tables',
    replace: 'grant select, insert, update on all tables',
    test: tables('the service cannot go around the lock: update ledger.totals set credited = 1'),
  },
  {
    point: 9,
    without: 'an audit that adds up',
    file: 'infra/ledger/src/audit.ts',
    find: 'where c.expected <> c.found',
    replace: 'where false',
    test: tables('finds a total that counted a gift twice'),
  },
  {
    point: 10,
    without: 'the lock of money out',
    file: WITHDRAW,
    find: 'select * into totals from ledger.totals t where t.book = in_book for update;',
    replace: 'select * into totals from ledger.totals t where t.book = in_book;',
    test: withdrawals('of twenty who ask for a tenth at once, ten get it'),
  },
  {
    point: 10,
    without: 'the bound of money out in the table itself',
    file: TABLES,
    find: 'constraint totals_available check (credited - refunded - paid_out >= 0)',
    replace: 'constraint totals_available check (true)',
    test: withdrawals('the table itself holds it, whatever the function says'),
  },
  {
    point: 10,
    without: 'the question whether a portion has left',
    file: WITHDRAW,
    find: ") then 'PORTION_GONE'",
    replace: ") and false then 'PORTION_GONE'",
    test: withdrawals('ten who refund the same portion have one effect'),
  },
  {
    point: 10,
    without: 'the bound of all portions of a gift',
    file: WITHDRAW,
    find: ") then 'PORTION_EXCEEDED'",
    replace: ") and false then 'PORTION_EXCEEDED'",
    test: withdrawals('portions together never exceed their gift'),
  },
  {
    point: 11,
    without: 'the book first in an index',
    file: TABLES,
    find: 'on ledger.transfers (book collate "ucs_basic", version, ordinal)',
    replace: 'on ledger.transfers (version, book collate "ucs_basic", ordinal)',
    test: tables('every index of the schema begins with the book, so that books can be sharded'),
  },
  {
    point: 11,
    without: 'the book first in a foreign key',
    file: TABLES,
    find: 'foreign key (book, origin) references ledger.transfers (book, id)',
    replace: 'foreign key (origin, book) references ledger.transfers (id, book)',
    test: tables('every foreign key of the schema begins with the book on both sides'),
  },
];
