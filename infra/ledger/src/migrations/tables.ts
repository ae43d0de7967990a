/**
 * Every key, unique constraint and foreign key begins with `book`, the distribution column. So every index could serve
 * every question that names a book, and while the planner believes that a book has one row (no statistics yet, or
 * statistics of a thousand books with a row each) they all look equally good: it reads the whole of a hot book to find a
 * key. Therefore each index of transfers but the primary key has a collation of its own for `book`. They all
 * compare bytes, but an index serves only a question of its own collation: there is one way to each answer,
 * whatever the statistics say.
 */
export const tables: readonly string[] = [
  'create schema ledger',
  `create table ledger.totals (
    book text collate "C" primary key check (length(book) between 1 and 64),
    status text not null default 'OPEN' check (status in ('OPEN', 'CLOSED')),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    max_amount bigint not null check (max_amount > 0),
    credited bigint not null default 0 check (credited >= 0),
    refunded bigint not null default 0 check (refunded >= 0),
    paid_out bigint not null default 0 check (paid_out >= 0),
    available bigint not null generated always as (credited - refunded - paid_out) stored,
    receipt_count bigint not null default 0 check (receipt_count >= 0),
    version bigint not null default 0,
    as_of timestamptz not null default clock_timestamp(),
    constraint totals_available check (credited - refunded - paid_out >= 0)
  ) with (fillfactor = 50)`,
  `comment on table ledger.totals is
    'One row per book: its lock, whether it takes money, and sums that the postings must always yield again.'`,
  `create table ledger.accounts (
    book text collate "C" not null references ledger.totals (book),
    account text collate "C" not null check (account in ('held', 'clearing')),
    primary key (book, account)
  )`,
  `comment on table ledger.accounts is
    'held: what the book holds for its beneficiary. clearing: what payers and providers owe the book.'`,
  // The order of the columns is that of the row constructors in post_batch and withdraw.
  `create table ledger.transfers (
    book text collate "C" not null references ledger.totals (book),
    id text collate "C" not null check (length(id) between 1 and 64),
    payer text collate "C" not null check (length(payer) between 1 and 64),
    key text collate "C" not null check (length(key) between 1 and 128),
    input_hash text collate "C" not null check (length(input_hash) between 1 and 64),
    kind text not null check (kind in ('RECEIPT', 'REFUND', 'PAYOUT')),
    amount bigint not null check (amount > 0),
    currency text not null,
    origin text collate "C",
    portion text collate "C" check (length(portion) between 1 and 128),
    version bigint not null check (version > 0),
    ordinal integer not null check (ordinal > 0),
    posted_at timestamptz not null,
    details jsonb not null,
    primary key (book, id),
    constraint transfers_origin foreign key (book, origin) references ledger.transfers (book, id),
    constraint transfers_refund check ((kind = 'REFUND') = (origin is not null)),
    constraint transfers_portion_named check ((origin is null) = (portion is null))
  )`,
  // Ways to a transfer, one per question; a query names the one it takes by its collation of `book`. See above.
  `create unique index transfers_key on ledger.transfers (book collate "POSIX", payer, key)`,
  `create unique index transfers_place on ledger.transfers (book collate "ucs_basic", version, ordinal)`,
  `create unique index transfers_portion on ledger.transfers (book collate "pg_c_utf8", origin, portion)
    where origin is not null`,
  `create table ledger.postings (
    book text collate "C" not null,
    transfer text collate "C" not null,
    account text collate "C" not null,
    amount bigint not null check (amount <> 0),
    primary key (book, transfer, account)
  )`,
  `comment on column ledger.postings.amount is 'Minor units; positive credits the account, negative debits it.'`,
];
