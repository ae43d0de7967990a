import type { Committer, PostResult, TransferInput } from '@banyan/ledger';
import pg from 'pg';

/** Gift, postings and total in tables of their own, which the owner makes. */
export const plainTables = `
  create table plain_totals (book text primary key, credited bigint not null, gifts bigint not null)
    with (fillfactor = 50);
  create table plain_gifts (
    book text not null, id text not null, payer text not null, key text not null, input_hash text not null,
    amount bigint not null, currency text not null, posted_at timestamptz not null default clock_timestamp(),
    details jsonb not null, primary key (book, id), unique (book, payer, key));
  create table plain_postings (
    book text not null, gift text not null, account text not null, amount bigint not null,
    primary key (book, gift, account));
  grant select, insert, update on plain_totals, plain_gifts, plain_postings to campaigns_app;
`;

/** All that the product writes for a gift when it counts it, as one statement, which spares round trips. */
const GIFT = `
  with gift as (
    insert into plain_gifts (book, id, payer, key, input_hash, amount, currency, details)
    values ($1, $2, $3, $4, $5, $6, $7, $8) returning *
  ), postings as (
    insert into plain_postings
    select g.book, g.id, leg.account, leg.amount
    from gift g cross join lateral (values ('held', g.amount), ('clearing', -g.amount)) leg (account, amount)
  ), fact as (
    insert into payment_facts
      (campaign_id, provider, provider_ref, kind, donation_id, amount, currency, happened_at, recorded_at)
    select book, details ->> 'provider', details ->> 'providerRef', 'PAID', id, amount, currency,
           (details ->> 'capturedAt')::timestamptz, posted_at
    from gift
  ), event as (
    insert into outbox (id, type, subject, payload)
    select 'evt_' || substr(g.id, 5), 'donation.counted', g.id,
           jsonb_build_object('donationId', g.id, 'campaignId', g.book, 'payerId', g.payer, 'userId', p.user_id,
             'amount', jsonb_build_object('minor', g.amount::text, 'currency', g.currency))
    from gift g left join payers p on p.id = g.payer
  )
  select posted_at from gift`;

const TOTALS = `update plain_totals set credited = credited + $2, gifts = gifts + 1 where book = $1
  returning credited, gifts`;

/** A transaction per gift: the gift, then the row of its campaign's total, which it locks until its commit. */
export function createPlainCommitter(url: string, maxConnections: number): Committer {
  const pool = new pg.Pool({ connectionString: url, max: maxConnections });
  return {
    post: (input) => inTransaction(pool, (client) => count(client, input)),
    drain: () => pool.end(),
  };
}

async function inTransaction<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function count(client: pg.PoolClient, input: TransferInput): Promise<PostResult> {
  const { book, id, payer, key, inputHash, amount, currency, details } = input;
  const values = [book, id, payer, key, inputHash, amount, currency, JSON.stringify(details ?? {})];
  const gift = await client.query<{ posted_at: Date }>({ name: 'plain_gift', text: GIFT, values });
  const totals = await client.query<{ credited: string; gifts: string }>({
    name: 'plain_totals',
    text: TOTALS,
    values: [book, amount],
  });
  const [{ posted_at: postedAt } = { posted_at: new Date(0) }] = gift.rows;
  const [{ credited, gifts } = { credited: '0', gifts: '0' }] = totals.rows;
  const [sum, version] = [BigInt(credited), BigInt(gifts)];
  return {
    outcome: 'POSTED',
    transfer: { book, id, amount, currency, version, ordinal: 1, postedAt },
    totals: {
      book,
      status: 'OPEN',
      currency,
      credited: sum,
      refunded: 0n,
      paidOut: 0n,
      available: sum,
      receiptCount: version,
      version,
      asOf: postedAt,
    },
  };
}
