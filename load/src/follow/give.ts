import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Recorder } from './recorder.ts';

/** A guest's first key is the guest's secret, so it must not be guessable. */
const keyBytes = 16;
const maxAttempts = 8;
const retryMs = 500;
const requestTimeoutMs = 15_000;

const donate = `mutation Donate($input: DonateInput!) {
  donate(input: $input) {
    donation { id state }
    campaign { totals { version raised { minor } donationCount } }
    userErrors { code }
  }
}`;
const totalsShape = z.object({
  version: z.string(),
  raised: z.object({ minor: z.string() }),
  donationCount: z.string(),
});
const answerShape = z.object({
  data: z
    .object({
      donate: z
        .object({
          donation: z.object({ id: z.string(), state: z.string() }).nullable(),
          campaign: z.object({ totals: totalsShape.nullable() }).nullable(),
          userErrors: z.array(z.object({ code: z.string() })).optional(),
        })
        .nullable(),
    })
    .nullish(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string().optional() }).optional() })).optional(),
});

/** A follower's gift. */
export interface FollowersGift {
  readonly graphUrl: string;
  readonly keyPrefix: string;
  readonly campaignId: string;
  readonly reader: string;
  /** Number of the donor's session, null for a guest. */
  readonly donor: number | null;
  readonly accessToken: string | undefined;
}

/**
 * Gives as the donors of the load do, with one key until the graph says what became of it, and writes down what it sees.
 * The version of the totals that counted it; null when it was not counted as far as is known.
 */
export async function giveAsFollower(
  gift: FollowersGift,
  record: Recorder,
  signal: AbortSignal,
): Promise<bigint | null> {
  const { graphUrl, campaignId, donor, accessToken } = gift;
  const key = `${gift.keyPrefix}${gift.reader}-${randomBytes(keyBytes).toString('hex')}`;
  const amount = '100';
  record({ kind: 'sent', key, campaignId, amount, donor });
  const startMs = Date.now();
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const sentMs = Date.now();
    const input = { campaignId, amount: { minor: amount, currency: 'CNY' }, idempotencyKey: key };
    const { status, answer } = await send(graphUrl, { query: donate, variables: { input } }, accessToken);
    const { donation, campaign, userErrors } = answer?.data?.donate ?? {};
    if (status === 429) {
      record({ kind: 'turnedAway', key, campaignId });
      return null;
    }
    if (donation?.state === 'COUNTED' && campaign?.totals) {
      const { version, raised, donationCount: count } = campaign.totals;
      const totals = { version, raised: raised.minor, count };
      const now = Date.now();
      const times = { ms: now - sentMs, sinceMs: now - startMs };
      const { reader } = gift;
      record({ kind: 'counted', key, campaignId, amount, donationId: donation.id, totals, ...times, reader });
      return BigInt(version);
    }
    const refusal = userErrors?.[0]?.code;
    if (refusal !== undefined) {
      record({ kind: 'refused', key, campaignId, code: refusal });
      return null;
    }
    record({
      kind: 'failed',
      key,
      status,
      code: answer?.errors?.[0]?.extensions?.code ?? donation?.state ?? 'NO_ANSWER',
    });
    await delay(retryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
  }
  record({ kind: 'unknown', key, campaignId, amount });
  return null;
}

/** A broken connection or an answer that is none has status 0 or its HTTP status, and no answer. */
async function send(
  graphUrl: string,
  body: object,
  accessToken: string | undefined,
): Promise<{ status: number; answer: z.infer<typeof answerShape> | undefined }> {
  let status = 0;
  try {
    const response = await fetch(graphUrl, {
      method: 'POST',
      signal: AbortSignal.timeout(requestTimeoutMs),
      headers: {
        'content-type': 'application/json',
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      },
      body: JSON.stringify(body),
    });
    status = response.status;
    return { status, answer: answerShape.safeParse(await response.json()).data };
  } catch {
    return { status, answer: undefined };
  }
}
