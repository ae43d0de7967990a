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
  // Set-wise, one check per statement: four foreign key triggers per transfer took a third of a batch's time. What it
  // finds stays true, because nothing is ever deleted. All postings of a transfer are written by one statement.
  `create function ledger.check_postings() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from inserted group by book, transfer having sum(amount) <> 0 or count(*) < 2) then
    raise exception 'the postings of a transfer must sum to zero'
      using errcode = 'check_violation', constraint = 'postings_balance';
  end if;
  if exists (
    select from (select distinct i.book, i.transfer from inserted i) i
    left join ledger.transfers t on t.book = i.book and t.id = i.transfer
    where t.id is null
  ) or exists (
    select from (select distinct i.book, i.account from inserted i) i
    left join ledger.accounts a on a.book = i.book and a.account = i.account
    where a.account is null
  ) then
    raise exception 'a posting belongs to a transfer and an account of its book'
      using errcode = 'foreign_key_violation', constraint = 'postings_belong';
  end if;
  return null;
end $$`,
  `create trigger postings_check after insert on ledger.postings
    referencing new table as inserted for each statement execute function ledger.check_postings()`,
];
