/**
 * The one place that writes facts. Its callers hold the lock of every book concerned and have decided; it gives the
 * transfers their place (version, ordinal), writes facts and postings, and calls the hook.
 */
export const writeTransfers: readonly string[] = [
  `create function ledger.after_post(posted ledger.transfers[]) returns void language plpgsql as $$ begin end $$`,
  `comment on function ledger.after_post is
    'Replaced by the owner of the facts, who writes rows of its own in the transaction of the transfers.'`,
  `create function ledger.write_transfers(accepted ledger.transfers[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  posted ledger.transfers[];
begin
  -- as_of is read under the lock, and grows even when the clock is set back.
  update ledger.totals t
  set credited = t.credited + s.credited,
      refunded = t.refunded + s.refunded,
      paid_out = t.paid_out + s.paid_out,
      receipt_count = t.receipt_count + s.receipt_count,
      version = t.version + 1,
      as_of = greatest(clock_timestamp(), t.as_of + interval '1 microsecond')
  from (
    select a.book,
           coalesce(sum(a.amount) filter (where a.kind = 'RECEIPT'), 0)::bigint as credited,
           coalesce(sum(a.amount) filter (where a.kind = 'REFUND'), 0)::bigint as refunded,
           coalesce(sum(a.amount) filter (where a.kind = 'PAYOUT'), 0)::bigint as paid_out,
           count(*) filter (where a.kind = 'RECEIPT') as receipt_count
    from unnest(accepted) a
    group by a.book
  ) s
  where t.book = s.book;

  with written as (
    insert into ledger.transfers
    select a.book, a.id, a.payer, a.key, a.input_hash, a.kind, a.amount, a.currency, a.origin, a.portion, t.version,
           row_number() over (partition by a.book order by a.ordinal), t.as_of, a.details
    from unnest(accepted) a
    join ledger.totals t on t.book = a.book
    on conflict (book collate "POSIX", payer, key) do nothing
    returning *
  )
  select array_agg(row(w.*)::ledger.transfers order by w.book, w.ordinal) into posted from written w;
  if cardinality(posted) is distinct from cardinality(accepted) then
    raise exception 'a transfer was written without the lock of its book' using errcode = 'serialization_failure';
  end if;

  insert into ledger.postings (book, transfer, account, amount)
  select p.book, p.id, leg.account, leg.amount
  from unnest(posted) p
  cross join lateral (
    values ('held', case p.kind when 'RECEIPT' then p.amount else -p.amount end),
           ('clearing', case p.kind when 'RECEIPT' then -p.amount else p.amount end)
  ) leg (account, amount);

  perform ledger.after_post(posted);
end $$`,
];
