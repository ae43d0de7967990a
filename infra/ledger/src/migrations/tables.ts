/**
 * Every key, unique constraint and foreign key begins with `book`, the distribution column. Keys sort by bytes
 * (collation "C"): what orders the locks must be the same everywhere, and it is the cheapest order too.
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
    constraint transfers_key unique (book, payer, key),
    constraint transfers_place unique (book, version, ordinal),
    constraint transfers_origin foreign key (book, origin) references ledger.transfers (book, id),
    constraint transfers_refund check ((kind = 'REFUND') = (origin is not null)),
    constraint transfers_portion_named check ((origin is null) = (portion is null))
  )`,
  `create unique index transfers_portion on ledger.transfers (book, origin, portion) where origin is not null`,
  `create table ledger.postings (
    book text collate "C" not null,
    transfer text collate "C" not null,
    account text collate "C" not null,
    amount bigint not null check (amount <> 0),
    primary key (book, transfer, account),
    constraint postings_transfer foreign key (book, transfer) references ledger.transfers (book, id),
    constraint postings_account foreign key (book, account) references ledger.accounts (book, account)
  )`,
  `comment on column ledger.postings.amount is 'Minor units; positive credits the account, negative debits it.'`,
];
