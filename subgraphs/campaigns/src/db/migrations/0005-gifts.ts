import { grantAppendOnly, grantReadOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/**
 * Facts are append-only and name nobody: a gift's payer is a random reference, whose person stands in `payers` and can be
 * deleted there, as the message can in `gift_messages`. Keys of money tables begin with the campaign, by which they
 * can be sharded. So that no plan reads all of a hot campaign through the wrong one of them, a second index of a table has
 * another collation of the campaign (all are byte order), and a query names the one it means.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table payers (
      id text collate "C" primary key,
      user_id text,
      guest_hash text,
      created_at timestamptz not null default now(),
      constraint payers_guest unique (guest_hash),
      constraint payers_somebody check (user_id is not null or guest_hash is not null)
    )`.execute(db);
  await sql`create unique index payers_person on payers (user_id) where guest_hash is null`.execute(db);
  await sql`create index payers_user on payers (user_id) where user_id is not null`.execute(db);

  await sql`
    create table intents (
      campaign_id text collate "C" not null,
      id text collate "C" not null,
      payer_id text collate "C" not null,
      key text collate "C" not null,
      input_hash text collate "C" not null,
      amount bigint not null check (amount > 0),
      currency text not null,
      provider text not null,
      is_anonymous boolean not null,
      created_at timestamptz not null default clock_timestamp(),
      primary key (campaign_id, id)
    )`.execute(db);
  await sql`create unique index intents_key on intents (campaign_id collate "POSIX", payer_id, key)`.execute(
    db,
  );
  await sql`comment on table intents is 'The fact INTENT: committed before any money is asked for.'`.execute(
    db,
  );
  await sql`create index intents_id on intents (id)`.execute(db);
  await sql`create index intents_payer on intents (payer_id, created_at, id)`.execute(db);
  // Rows come in the order of their time, so the block range is enough to find those of a while, at hardly any cost.
  await sql`create index intents_created on intents using brin (created_at) with (pages_per_range = 32, autosummarize = on)`.execute(
    db,
  );
  await sql`
    create table gift_messages (
      campaign_id text collate "C" not null,
      donation_id text collate "C" not null,
      message text not null,
      primary key (campaign_id, donation_id)
    )`.execute(db);

  await sql`
    create table payment_facts (
      campaign_id text collate "C" not null,
      provider text not null,
      provider_ref text collate "C" not null,
      kind text not null check (kind in ('PAID', 'FAILED', 'SUSPENDED')),
      donation_id text collate "C",
      amount bigint not null,
      currency text not null,
      reason text,
      happened_at timestamptz not null,
      recorded_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  // A payment is counted or in suspense, never both: PAID and SUSPENDED are one place.
  await sql`
    create unique index payment_facts_place on payment_facts (campaign_id, provider, provider_ref, (kind = 'FAILED'))`.execute(
    db,
  );
  await sql`create index payment_facts_ref on payment_facts (provider_ref)`.execute(db);
  await sql`create index payment_facts_other on payment_facts (campaign_id collate "POSIX", donation_id) where kind <> 'PAID'`.execute(
    db,
  );
  await sql`
    create table payment_routes (
      provider text not null,
      order_key text collate "C" not null,
      campaign_id text collate "C" not null,
      donation_id text collate "C" not null,
      primary key (provider, order_key)
    )`.execute(db);
  await sql`
    create table checkouts (
      campaign_id text collate "C" not null,
      donation_id text collate "C" not null,
      order_id text not null,
      url text not null,
      expires_at timestamptz not null,
      primary key (campaign_id, donation_id)
    )`.execute(db);
  await sql`create index checkouts_order on checkouts (order_id)`.execute(db);
  await sql`
    create table kept_notifications (
      event_id text primary key,
      body text not null,
      received_at timestamptz not null default clock_timestamp()
    )`.execute(db);

  await sql`
    create table sweep_progress (
      only_row boolean primary key default true check (only_row),
      scanned_until timestamptz not null
    )`.execute(db);
  await sql`insert into sweep_progress (scanned_until) values ('-infinity')`.execute(db);
  await sql`
    create table unsettled (
      campaign_id text collate "C" not null,
      donation_id text collate "C" not null,
      looks integer not null default 0,
      next_look_at timestamptz not null default now(),
      primary key (campaign_id, donation_id)
    )`.execute(db);
  await sql`create index unsettled_due on unsettled (next_look_at)`.execute(db);

  await sql`
    create view donations as
    select i.campaign_id, i.id, i.payer_id, i.key, i.input_hash, i.amount, i.currency, i.provider, i.is_anonymous,
           i.created_at, m.message,
           t.posted_at as counted_at,
           coalesce(t.details ->> 'providerRef', o.provider_ref) as provider_ref,
           coalesce((t.details ->> 'capturedAt')::timestamptz, o.captured_at) as captured_at,
           c.url as checkout_url, c.expires_at as checkout_expires_at,
           case
             when t.id is not null then 'COUNTED'
             when o.kind = 'SUSPENDED' then 'SUSPENSE'
             when o.kind = 'FAILED' then 'FAILED'
             when c.url is not null then 'AWAITING_CONFIRMATION'
             else 'INTENT'
           end as state
    from intents i
    left join ledger.transfers t on t.book = i.campaign_id and t.id = i.id
    left join gift_messages m on m.campaign_id = i.campaign_id and m.donation_id = i.id
    left join checkouts c on c.campaign_id = i.campaign_id and c.donation_id = i.id
    left join lateral (
      select f.kind, f.provider_ref, case f.kind when 'SUSPENDED' then f.happened_at end as captured_at
      from payment_facts f
      where f.campaign_id collate "POSIX" = i.campaign_id and f.donation_id = i.id and f.kind <> 'PAID'
      order by f.kind desc limit 1
    ) o on true`.execute(db);

  // One table and what is looked up for the rows of a page: as a join it would be planned for an average campaign, read all
  // gifts of the hot one, and sort them. The collation is that of the ledger's index of places.
  await sql`
    create view public_donations as
    select t.book collate "ucs_basic" as campaign_id, t.version, t.ordinal, t.amount, t.currency,
           (select i.created_at from intents i where i.campaign_id = t.book and i.id = t.id) as created_at,
           (select m.message from gift_messages m where m.campaign_id = t.book and m.donation_id = t.id) as message,
           (
             select p.user_id from intents i join payers p on p.id = i.payer_id
             where i.campaign_id = t.book and i.id = t.id and not i.is_anonymous
           ) as donor_id
    from ledger.transfers t
    where t.kind = 'RECEIPT'`.execute(db);

  for (const table of ['payers', 'gift_messages', 'sweep_progress', 'unsettled'])
    await grantReadWrite(db, table);
  for (const table of ['intents', 'payment_facts', 'payment_routes', 'checkouts', 'kept_notifications']) {
    await grantAppendOnly(db, table);
  }
  await grantReadOnly(db, 'donations');
  await grantReadOnly(db, 'public_donations');
}
