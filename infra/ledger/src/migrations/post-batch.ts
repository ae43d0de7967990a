/**
 * Lock, decide, write, read back: four statements, because the snapshot of a single one is older than its lock. Each
 * statement of a volatile function in READ COMMITTED sees what the last holder of the lock has committed.
 *
 * Sorted scans and joins other than by index are off, because plans are kept: one that was made when the tables
 * were empty must still be right when they hold millions of rows.
 */
export const postBatch: readonly string[] = [
  `create type ledger.answer as (
    place integer, outcome text,
    id text, amount bigint, transfer_version bigint, ordinal integer, posted_at timestamptz,
    status text, currency text, credited bigint, refunded bigint, paid_out bigint, available bigint,
    receipt_count bigint, version bigint, as_of timestamptz
  )`,
  `create function ledger.post_batch(
  books text[], ids text[], payers text[], keys text[], input_hashes text[],
  amounts bigint[], currencies text[], details jsonb[]
) returns setof ledger.answer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  outcomes text[];
  accepted ledger.transfers[];
begin
  perform from ledger.totals t where t.book = any (books) order by t.book for update;

  -- Is the key known? Only then: does the book take money, and this money? Rows that may pass come first in the
  -- window, so its first row is the one of its key that passes, if any does.
  with asked as (
    select i.*, t.book is not null as is_book, t.status, t.currency as book_currency, k.id as known_id,
           k.input_hash = i.input_hash and k.amount = i.amount and k.currency = i.currency
             and k.kind = 'RECEIPT' as is_same,
           coalesce(t.status = 'OPEN' and t.currency = i.currency and i.amount between 1 and t.max_amount, false)
             as may_pass
    from unnest(books, ids, payers, keys, input_hashes, amounts, currencies, details) with ordinality
      as i (book, id, payer, key, input_hash, amount, currency, details, place)
    left join ledger.totals t on t.book = i.book
    left join ledger.transfers k on k.book collate "POSIX" = i.book and k.payer = i.payer and k.key = i.key
  ), ranked as (
    select asked.*, first_value(place) over by_key as first_place, first_value(may_pass) over by_key as passes,
           input_hash = first_value(input_hash) over by_key and amount = first_value(amount) over by_key
             and currency = first_value(currency) over by_key as is_repeat
    from asked
    window by_key as (partition by book, payer, key order by may_pass desc, place)
  ), decided as (
    select ranked.*, case
      when known_id is not null then case when is_same then 'REPLAYED' else 'KEY_REUSED' end
      when passes and place = first_place then 'POSTED'
      when passes and place > first_place then case when is_repeat then 'REPLAYED' else 'KEY_REUSED' end
      when not is_book then 'BOOK_UNKNOWN'
      when status <> 'OPEN' then 'BOOK_CLOSED'
      when currency <> book_currency then 'CURRENCY_MISMATCH'
      else 'AMOUNT_OUT_OF_RANGE'
    end as outcome
    from ranked
  )
  select array_agg(d.outcome order by d.place),
         array_agg(
           row(d.book, d.id, d.payer, d.key, d.input_hash, 'RECEIPT', d.amount, d.currency, null, null,
               0, d.place, null, d.details)::ledger.transfers
           order by d.place
         ) filter (where d.outcome = 'POSTED')
  into outcomes, accepted
  from decided d;

  if accepted is not null then
    perform ledger.write_transfers(accepted);
  end if;

  return query
  select d.place::integer, d.outcome, k.id, k.amount, k.version, k.ordinal, k.posted_at,
         t.status, t.currency, t.credited, t.refunded, t.paid_out, t.available, t.receipt_count, t.version, t.as_of
  from unnest(books, payers, keys, outcomes) with ordinality as d (book, payer, key, outcome, place)
  left join ledger.totals t on t.book = d.book
  left join ledger.transfers k
    on d.outcome in ('POSTED', 'REPLAYED') and k.book collate "POSIX" = d.book and k.payer = d.payer and k.key = d.key
  order by d.place;
end $$`,
];
