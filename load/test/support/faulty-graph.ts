import { closeAtOnce } from '@banyan/kit/service';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import type { Bug } from './faulty-graph-bug.ts';
import { requestShape, type FaultyGraphInput } from './faulty-graph-request.ts';
import { insertIntent, findIntent, postBatch, insertCheckout, suspend } from './faulty-graph-sql.ts';
import { createFaultyStreams, type Totals } from './faulty-graph-streams.ts';

/** A graph that gives through the real ledger, plays the payment provider, and has the bug that it is told to have. */
export interface FaultyGraph extends AsyncDisposable {
  readonly url: string;
  /** Where the provider's book is. */
  readonly providerUrl: string;
  /** The payer pays an order, and the provider tells. */
  pay(donationId: string): Promise<void>;
}

interface Payment {
  kind: 'PAYMENT';
  paymentId: string;
  merchantKey: string;
  amount: { minor: string };
}
/** Requests that the graph which acknowledges too early takes back. */
const lostRequests: ReadonlySet<number> = new Set([4, 7]);

export async function startFaultyGraph(databaseUrl: string, bug: Bug): Promise<FaultyGraph> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const payments: Payment[] = [];
  const cache = new Map<string, Totals>();
  let requests = 0;

  function capture(donationId: string, minor: string): string {
    const known = payments.find(({ merchantKey }) => merchantKey === donationId);
    if (known !== undefined) return known.paymentId;
    const paymentId = `pay_${donationId}`;
    payments.push({ kind: 'PAYMENT', paymentId, merchantKey: donationId, amount: { minor } });
    return paymentId;
  }

  async function post(values: readonly string[], end: 'commit' | 'rollback') {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<Record<'version' | 'credited' | 'receipt_count', string>>(
        postBatch,
        [...values],
      );
      await client.query(end);
      client.release();
      return rows[0];
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async function donate(input: FaultyGraphInput) {
    requests += 1;
    const { campaignId, idempotencyKey: key } = input;
    const { minor } = input.amount;
    const isNewEachTime = bug === 'counts on retry' || bug === 'opens another order on retry';
    const payer = isNewEachTime ? `pyr_${key}_${requests}` : `pyr_${key}`;
    await pool.query(insertIntent, [campaignId, `don_${randomUUID()}`, payer, key, minor]);
    const intent = await pool.query<{ id: string }>(findIntent, [campaignId, payer, key]);
    const id = intent.rows[0]?.id ?? '';
    if (input.provider !== undefined) return order(id);
    const paymentId = capture(id, minor);
    const isLost = bug === 'acknowledges before the commit' && lostRequests.has(requests);
    const row = await post([campaignId, id, payer, key, minor, paymentId], isLost ? 'rollback' : 'commit');
    const totals = {
      version: String(row?.version),
      raised: { minor: String(row?.credited) },
      donationCount: String(row?.receipt_count),
    };
    return { donate: { donation: { id, state: 'COUNTED' }, campaign: { totals }, userErrors: [] } };
  }

  async function order(id: string) {
    await pool.query(insertCheckout, [id]);
    if (bug === 'orders and keeps no intent') await pool.query('delete from intents where id = $1', [id]);
    return {
      donate: {
        donation: { id, state: 'AWAITING_CONFIRMATION' },
        campaign: { totals: null },
        userErrors: [],
      },
    };
  }

  async function pay(id: string): Promise<void> {
    const { rows } = await pool.query<Record<'campaign_id' | 'payer_id' | 'key' | 'amount', string>>(
      'select campaign_id, payer_id, key, amount from intents where id = $1',
      [id],
    );
    const [intent] = rows;
    if (intent === undefined) throw new Error(`there is no intent ${id}`);
    const { campaign_id, payer_id, key, amount } = intent;
    const paymentId = capture(id, amount);
    if (bug === 'keeps what was paid in suspense') {
      await pool.query(suspend, [paymentId, id, 'NOT_BOOKABLE']);
      return;
    }
    await pool.query(postBatch, [campaign_id, id, payer_id, key, amount, paymentId]);
    if (bug !== 'asks the payer twice') return;
    const second = { paymentId: `${paymentId}_2`, merchantKey: id, amount: { minor: amount } };
    payments.push({ kind: 'PAYMENT', ...second });
    await pool.query(suspend, [second.paymentId, id, 'PAID_TWICE']);
  }

  async function readTotals(id: string) {
    const cached = bug === 'cache ignores versions' ? cache.get(id) : undefined;
    const { rows } = await pool.query<Record<'version' | 'credited' | 'receipt_count', string>>(
      'select version, credited, receipt_count from ledger.totals where book = $1',
      [id],
    );
    const fresh = {
      version: String(rows[0]?.version),
      raised: { minor: String(rows[0]?.credited) },
      donationCount: String(rows[0]?.receipt_count),
    };
    if (cached === undefined) cache.set(id, fresh);
    return { campaign: { totals: cached ?? fresh } };
  }

  async function findByKey(campaignId: string, key: string) {
    const { rows } = await pool.query<{ id: string; state: string; amount: string }>(
      'select id, state, amount from donations where campaign_id = $1 and key = $2 order by id limit 1',
      [campaignId, key],
    );
    const [row] = rows;
    return { donationByKey: row ? { id: row.id, state: row.state, amount: { minor: row.amount } } : null };
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    if (request.method === 'GET') {
      const since = Number(new URL(request.url ?? '', 'http://provider').searchParams.get('since'));
      return { entries: payments.slice(since), next: payments.length, more: false };
    }
    const { query, variables } = requestShape.parse(JSON.parse(await text(request)));
    if (variables.input !== undefined) return { data: await donate(variables.input) };
    if (query.includes('donationByKey')) {
      return { data: await findByKey(variables.campaignId ?? '', variables.key ?? '') };
    }
    return { data: await readTotals(variables.id ?? '') };
  }

  const stream = createFaultyStreams(bug, async (id) => (await readTotals(id)).campaign.totals);
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/stream')) {
      stream(request, response).catch(() => response.destroy());
      return;
    }
    answer(request).then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error: unknown) => response.end(JSON.stringify({ errors: [{ message: String(error) }] })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/graphql`,
    providerUrl: origin,
    pay,
    async [Symbol.asyncDispose]() {
      await closeAtOnce(server);
      await pool.end();
    },
  };
}
