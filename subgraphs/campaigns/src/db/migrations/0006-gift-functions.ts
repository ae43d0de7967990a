import { appRoleOf } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/**
 * Opens the intents of many gifts in one transaction. The statements follow one another so that each sees what other
 * processes have committed meanwhile: who the payers are, whether the book takes this money (the ledger asks again under
 * its lock when the money has come), the intents under their keys, and what is there now. Keys are asked by writing: a
 * known one is not written again, and the row that is there answers.
 *
 * Scans and joins other than by index are off, because plans are kept: one that was made when the tables were empty must
 * still be right when they hold millions of rows.
 */
const openIntents = `
create function open_intents(
  campaign_ids text[], ids text[], new_payer_ids text[], user_ids text[], guest_hashes text[], are_new boolean[],
  keys text[], input_hashes text[], amounts bigint[], currencies text[], providers text[], order_keys text[],
  are_anonymous boolean[], messages text[]
) returns table (
  place integer, outcome text, id text, payer_id text, created_at timestamptz, state text, counted_at timestamptz,
  provider text, provider_ref text, captured_at timestamptz, checkout_url text, checkout_expires_at timestamptz
)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  payer_ids text[];
begin
  insert into payers (id, user_id, guest_hash)
  select distinct on (coalesce(i.guest_hash, i.user_id)) i.payer_id, i.user_id, i.guest_hash
  from unnest(new_payer_ids, user_ids, guest_hashes, are_new) as i (payer_id, user_id, guest_hash, is_new)
  where i.is_new
    and not exists (select from payers p where p.guest_hash = i.guest_hash)
    and not exists (select from payers p where p.user_id = i.user_id and p.guest_hash is null and i.guest_hash is null)
  order by coalesce(i.guest_hash, i.user_id)
  on conflict do nothing;

  -- A guest who has signed in and still shows the secret: what the guest gave is this person's from now on.
  if exists (select from unnest(user_ids, guest_hashes) as i (u, g) where i.u is not null and i.g is not null) then
    with claimed as (
      update payers p set user_id = i.user_id
      from unnest(user_ids, guest_hashes) as i (user_id, guest_hash)
      where p.guest_hash = i.guest_hash and i.user_id is not null and p.user_id is null
      returning p.id, p.user_id
    )
    insert into outbox (id, type, subject, payload)
    select 'evt_' || substr(c.id, 5), 'guest.claimed', c.id, jsonb_build_object('payerId', c.id, 'userId', c.user_id)
    from claimed c;
  end if;

  select array_agg(found.id order by i.place) into payer_ids
  from unnest(user_ids, guest_hashes) with ordinality as i (user_id, guest_hash, place)
  left join lateral (
    select p.id from payers p where p.guest_hash = i.guest_hash and (i.user_id is null or p.user_id = i.user_id)
    union all
    select p.id from payers p where i.guest_hash is null and p.user_id = i.user_id and p.guest_hash is null
    limit 1
  ) found on true;

  insert into intents (campaign_id, id, payer_id, key, input_hash, amount, currency, provider, is_anonymous)
  select distinct on (i.campaign_id, i.payer_id, i.key)
         i.campaign_id, i.id, i.payer_id, i.key, i.input_hash, i.amount, i.currency, i.provider, i.is_anonymous
  from unnest(campaign_ids, ids, payer_ids, keys, input_hashes, amounts, currencies, providers, are_anonymous)
    with ordinality as i (campaign_id, id, payer_id, key, input_hash, amount, currency, provider, is_anonymous, place)
  join ledger.totals t
    on t.book = i.campaign_id and t.status = 'OPEN' and t.currency = i.currency and i.amount between 1 and t.max_amount
  where i.payer_id is not null
  order by i.campaign_id, i.payer_id, i.key, i.place
  on conflict do nothing;

  if num_nulls(variadic messages) < cardinality(messages) then
    insert into gift_messages (campaign_id, donation_id, message)
    select k.campaign_id, k.id, i.message
    from unnest(campaign_ids, ids, messages) as i (campaign_id, id, message)
    join intents k on k.campaign_id = i.campaign_id and k.id = i.id
    where i.message is not null
    on conflict do nothing;
  end if;
  if num_nulls(variadic order_keys) < cardinality(order_keys) then
    insert into payment_routes (provider, order_key, campaign_id, donation_id)
    select k.provider, i.order_key, k.campaign_id, k.id
    from unnest(campaign_ids, ids, order_keys) as i (campaign_id, id, order_key)
    join intents k on k.campaign_id = i.campaign_id and k.id = i.id
    where i.order_key is not null
    on conflict do nothing;
  end if;

  return query
  select i.place::integer,
         case
           when i.payer_id is null then 'GUEST_UNKNOWN'
           when k.id = i.id then 'OPENED'
           when k.id is not null then
             case when k.input_hash = i.input_hash and m.message is not distinct from i.message
                  then 'REPLAYED' else 'KEY_REUSED' end
           when t.book is null and not exists (select from campaigns c where c.id = i.campaign_id)
             then 'CAMPAIGN_UNKNOWN'
           when t.book is null or t.status <> 'OPEN' then 'NOT_LIVE'
           when t.currency <> i.currency then 'CURRENCY_MISMATCH'
           else 'AMOUNT_OUT_OF_RANGE'
         end,
         k.id, i.payer_id, k.created_at, coalesce(d.state, 'INTENT'), d.counted_at,
         k.provider, d.provider_ref, d.captured_at, d.checkout_url, d.checkout_expires_at
  from unnest(campaign_ids, ids, payer_ids, keys, input_hashes, amounts, currencies, messages)
    with ordinality as i (campaign_id, id, payer_id, key, input_hash, amount, currency, message, place)
  left join ledger.totals t on t.book = i.campaign_id
  left join intents k
    on k.campaign_id collate "POSIX" = i.campaign_id and k.payer_id = i.payer_id and k.key = i.key
  -- offset 0 keeps the condition in front of the scans: of a gift that this call has opened nothing more is read.
  left join lateral (
    select m.message from gift_messages m
    where k.id <> i.id and m.campaign_id = k.campaign_id and m.donation_id = k.id offset 0
  ) m on true
  left join lateral (
    select d.* from donations d where k.id <> i.id and d.campaign_id = k.campaign_id and d.id = k.id offset 0
  ) d on true
  order by i.place;
end $$`;

/**
 * The facts and events of what the ledger has posted, in its transaction: a gift is counted, told and traceable, or
 * none of these. Money in suspense stands in books of its own.
 */
const afterPost = `
create or replace function ledger.after_post(posted ledger.transfers[]) returns void
language plpgsql
as $$
begin
  insert into public.payment_facts (
    campaign_id, provider, provider_ref, kind, donation_id, amount, currency, reason, happened_at, recorded_at
  )
  select coalesce(p.details ->> 'campaignId', p.book), p.details ->> 'provider', p.details ->> 'providerRef',
         case when p.details ? 'suspense' then 'SUSPENDED' else 'PAID' end,
         case when p.details ? 'suspense' then p.details ->> 'donationId' else p.id end,
         p.amount, p.currency, p.details ->> 'suspense', (p.details ->> 'capturedAt')::timestamptz, p.posted_at
  from unnest(posted) p
  where p.kind = 'RECEIPT';

  insert into public.outbox (id, type, subject, payload)
  select 'evt_' || substr(p.id, 5), 'donation.counted', p.id,
         jsonb_build_object(
           'donationId', p.id, 'campaignId', p.book, 'payerId', p.payer, 'userId', r.user_id,
           'amount', jsonb_build_object('minor', p.amount::text, 'currency', p.currency),
           'totalsVersion', p.version::text
         )
  from unnest(posted) p
  left join public.payers r on r.id = p.payer
  where p.kind = 'RECEIPT' and not p.details ? 'suspense'
  order by p.book, p.ordinal;
end $$`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(openIntents).execute(db);
  await sql.raw(afterPost).execute(db);
  await sql`revoke all on function open_intents from public`.execute(db);
  await sql`grant execute on function open_intents to ${sql.id(await appRoleOf(db))}`.execute(db);
}
