import { signHop, type HopKey } from '@banyan/kit/hop';
import { request } from 'undici';
import { z } from 'zod';

const path = '/api-keys/verify';
const timeoutMs = 2_000;

const verdictShape = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['unknown', 'expired', 'revoked']) }),
  z.object({
    state: z.literal('live'),
    appId: z.string().min(1),
    organisationId: z.string().min(1),
    scopes: z.array(z.string()),
    sandbox: z.boolean(),
    expiresAtMs: z.number(),
  }),
]);

/** What users says of an API key. */
export type KeyVerdict = z.infer<typeof verdictShape>;

/**
 * Asks users about a key by its SHA-256, over a signed request.
 * @throws when users does not answer in time, or not with a verdict.
 */
export type LookUpKey = (hash: string) => Promise<KeyVerdict>;

/** @param options.url where users is */
export function createKeyLookup(options: { url: string; hopKey: HopKey }): LookUpKey {
  const url = new URL(path, options.url);
  return async (hash) => {
    const body = JSON.stringify({ hash });
    const signature = signHop(options.hopKey, { subgraph: 'users', method: 'POST', path, body });
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`users answered with status ${response.statusCode}.`);
    return verdictShape.parse(JSON.parse(text));
  };
}
