import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { z } from 'zod';

/** What the graph does wrong. */
export type Bug = 'none' | 'acknowledges before the commit' | 'counts on retry' | 'cache ignores versions';

/** A graph that gives through the real ledger, plays the payment provider, and has the bug that it is told to have. */
export interface FaultyGraph extends AsyncDisposable {
  readonly url: string;
  /** Where the provider's book is. */
  readonly providerUrl: string;
}

interface Payment {
  kind: 'PAYMENT';
  paymentId: string;
  merchantKey: string;
  amount: { minor: string };
}
interface Totals {
  version: string;
  raised: { minor: string };
  donationCount: string;
}

const requestShape = z.object({
  query: z.string(),
  variables: z.object({
    id: z.string().optional(),
    campaignId: z.string().optional(),
    key: z.string().optional(),
    input: z
      .object({ campaignId: z.string(), idempotencyKey: z.string(), amount: z.object({ minor: z.string() }) })
      .optional(),
  }),
});

/** Requests that the graph which acknowledges too early takes back. */
const lostRequests: ReadonlySet<number> = new Set([4, 7]);

const insertIntent = `insert into intents (campaign_id, id, payer_id, key, input_hash, amount, currency, provider, is_anonymous)
  values ($1, $2, $3, $4, $5::text, $5::text::bigint, 'CNY', 'sandbox', false)
  on conflict (campaign_id, payer_id, key) do nothing`;
const findIntent = 'select id from intents where campaign_id = $1 and payer_id = $2 and key = $3';
const postBatch = `select id, version, credited, receipt_count from ledger.post_batch(
  array[$1], array[$2], array[$3], array[$4], array[$5::text], array[$5::text::bigint], array['CNY'],
  array[jsonb_build_object('provider', 'sandbox', 'providerRef', $6::text, 'capturedAt', now())])`;

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

  async function donate(input: NonNullable<z.infer<typeof requestShape>['variables']['input']>) {
    requests += 1;
    const { campaignId, idempotencyKey: key } = input;
    const { minor } = input.amount;
    const payer = bug === 'counts on retry' ? `pyr_${key}_${requests}` : `pyr_${key}`;
    await pool.query(insertIntent, [campaignId, `don_${key}_${requests}`, payer, key, minor]);
    const intent = await pool.query<{ id: string }>(findIntent, [campaignId, payer, key]);
    const id = intent.rows[0]?.id ?? '';
    const paymentId = capture(id, minor);
    const isLost = bug === 'acknowledges before the commit' && lostRequests.has(requests);
    const client = await pool.connect();
    await client.query('begin');
    const posted = await client.query<Record<'id' | 'version' | 'credited' | 'receipt_count', string>>(
      postBatch,
      [campaignId, id, payer, key, minor, paymentId],
    );
    await client.query(isLost ? 'rollback' : 'commit');
    client.release();
    const [row] = posted.rows;
    const totals = {
      version: String(row?.version),
      raised: { minor: String(row?.credited) },
      donationCount: String(row?.receipt_count),
    };
    return { donate: { donation: { id, state: 'COUNTED' }, campaign: { totals }, userErrors: [] } };
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

  const server = createServer((request, response) => {
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
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await pool.end();
    },
  };
}
