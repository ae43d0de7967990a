/** What no role can do by mistake, not even the owner: change a fact, or write postings that do not balance. */
export const guards: readonly string[] = [
  `create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger.% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$`,
  ...['transfers', 'postings'].map(
    (table) => `create trigger ${table}_append_only before update or delete or truncate on ledger.${table}
      for each statement execute function ledger.refuse_change()`,
  ),
  // Set-wise: one check per statement. All postings of a transfer are written by one statement.
  `create function ledger.check_balance() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from inserted group by book, transfer having sum(amount) <> 0 or count(*) < 2) then
    raise exception 'the postings of a transfer must sum to zero'
      using errcode = 'check_violation', constraint = 'postings_balance';
  end if;
  return null;
end $$`,
  `create trigger postings_balance after insert on ledger.postings
    referencing new table as inserted for each statement execute function ledger.check_balance()`,
];
