/** A book is opened once, and closed and opened again under its lock; both count as a new version of its totals. */
export const bookFunctions: readonly string[] = [
  `create function ledger.open_book(in_book text, in_currency text, in_max_amount bigint) returns ledger.totals
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  totals ledger.totals;
begin
  insert into ledger.totals (book, currency, max_amount) values (in_book, in_currency, in_max_amount)
  on conflict (book) do nothing;
  insert into ledger.accounts (book, account) values (in_book, 'held'), (in_book, 'clearing') on conflict do nothing;
  select * into totals from ledger.totals t where t.book = in_book;
  if (totals.currency, totals.max_amount) is distinct from (in_currency, in_max_amount) then
    raise exception 'the book is open already with another currency or limit' using errcode = 'unique_violation';
  end if;
  return totals;
end $$`,
  `create function ledger.set_status(in_book text, in_status text) returns setof ledger.totals
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update ledger.totals t
  set status = in_status, version = t.version + 1,
      as_of = greatest(clock_timestamp(), t.as_of + interval '1 microsecond')
  where t.book = in_book and t.status <> in_status;
  return query select * from ledger.totals t where t.book = in_book;
end $$`,
];
