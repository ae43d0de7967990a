/**
 * Money out, one transfer a call, under the same lock as money in. A closed book pays out: closing ends receipts alone.
 * The amounts of all refunds of one receipt never exceed it, and a portion of it leaves once.
 */
export const withdraw: readonly string[] = [
  `create function ledger.withdraw(
  in_book text, in_id text, in_payer text, in_key text, in_input_hash text, in_kind text,
  in_amount bigint, in_currency text, in_origin text, in_portion text, in_details jsonb
) returns ledger.answer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
  totals ledger.totals;
  known ledger.transfers;
  receipt ledger.transfers;
  outcome text;
begin
  select * into totals from ledger.totals t where t.book = in_book for update;
  select * into known from ledger.transfers k where k.book collate "POSIX" = in_book and k.payer = in_payer and k.key = in_key;
  select * into receipt from ledger.transfers k where k.book = in_book and k.id = in_origin and k.kind = 'RECEIPT';
  outcome := case
    when known.id is not null then
      case when (known.input_hash, known.amount, known.currency, known.kind) = (in_input_hash, in_amount, in_currency, in_kind)
             and (known.origin, known.portion) is not distinct from (in_origin, in_portion)
           then 'REPLAYED' else 'KEY_REUSED' end
    when totals.book is null then 'BOOK_UNKNOWN'
    when in_currency <> totals.currency then 'CURRENCY_MISMATCH'
    when in_origin is not null and receipt.id is null then 'ORIGIN_UNKNOWN'
    when in_origin is not null and exists (
      select from ledger.transfers k where k.book collate "pg_c_utf8" = in_book and k.origin = in_origin and k.portion = in_portion
    ) then 'PORTION_GONE'
    when in_amount > receipt.amount - (
      select coalesce(sum(k.amount), 0) from ledger.transfers k where k.book collate "pg_c_utf8" = in_book and k.origin = in_origin
    ) then 'PORTION_EXCEEDED'
    when in_amount > totals.available then 'NOT_ENOUGH_HELD'
    else 'POSTED'
  end;

  if outcome = 'POSTED' then
    perform ledger.write_transfers(array[
      row(in_book, in_id, in_payer, in_key, in_input_hash, in_kind, in_amount, in_currency, in_origin, in_portion,
          0, 1, null, in_details)::ledger.transfers
    ]);
  end if;

  select * into totals from ledger.totals t where t.book = in_book;
  select * into known from ledger.transfers k
  where k.book collate "POSIX" = in_book and k.payer = in_payer and k.key = in_key and outcome in ('POSTED', 'REPLAYED');
  return row(1, outcome, known.id, known.amount, known.version, known.ordinal, known.posted_at,
             totals.status, totals.currency, totals.credited, totals.refunded, totals.paid_out, totals.available,
             totals.receipt_count, totals.version, totals.as_of)::ledger.answer;
end $$`,
];
