import { randomUUID } from 'node:crypto';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { hotCampaign } from '@banyan/seed';
import type { Pool } from 'undici';

const DONATE = `mutation Donate($input: DonateInput!) { donate(input: $input) {
  donation { id state } campaign { totals { raised { minor } version } } userErrors { code } } }`;

/** What a crowd of guests saw. */
export interface Surge {
  readonly gifts: number;
  readonly seconds: number;
  /** Microseconds from the request to its answer. */
  readonly latencyUs: RecordableHistogram;
}

/** Guests who give the amount to the hot campaign; each gives again with its answer. Throws at an answer that counts nothing. */
export async function surge(
  pool: Pool,
  of: { callers: number; minor: number; lengthMs: number },
): Promise<Surge> {
  const latencyUs = createHistogram();
  const startedAt = performance.now();
  const endsAt = startedAt + of.lengthMs;
  async function call(): Promise<void> {
    for (let sentAt = performance.now(); sentAt < endsAt; sentAt = performance.now()) {
      await give(pool, of.minor);
      latencyUs.record(Math.max(1, Math.round((performance.now() - sentAt) * 1_000)));
    }
  }
  await Promise.all(Array.from({ length: of.callers }, call));
  return { gifts: latencyUs.count, seconds: (performance.now() - startedAt) / 1_000, latencyUs };
}

async function give(pool: Pool, minor: number): Promise<void> {
  const input = {
    campaignId: hotCampaign.id,
    amount: { minor: String(minor), currency: 'CNY' },
    idempotencyKey: randomUUID(),
  };
  const { body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: DONATE, variables: { input } }),
  });
  const answer = await body.text();
  if (!answer.includes('"COUNTED"')) throw new Error(`a gift was not counted: ${answer.slice(0, 300)}`);
}
