import { z } from 'zod';
import type { FeedPage } from './outbox.ts';

const pageShape = z.object({
  events: z.array(
    z.object({
      cursor: z.string(),
      id: z.string(),
      type: z.string(),
      subject: z.string(),
      payload: z.record(z.string(), z.unknown()),
      occurredAt: z.string(),
    }),
  ),
  cursor: z.string(),
});

const waitMs = 20_000;
const limit = 200;
/** How long the answer may take beyond the wait for news: a peer that hangs is asked anew. */
const answerTimeoutMs = 10_000;

/** Fetches pages of a peer's feed with a signed request, long-polling for news. */
export function createPageFetcher(
  get: (path: string, signal: AbortSignal) => Promise<unknown>,
  options: { types?: readonly string[]; waitMs?: number; path?: '/events' | '/changes' },
): (after: string, signal: AbortSignal) => Promise<FeedPage> {
  const { path = '/events' } = options;
  return async (after, signal) => {
    const query = new URLSearchParams({
      after,
      limit: String(limit),
      waitMs: String(options.waitMs ?? waitMs),
    });
    if (options.types !== undefined) query.set('types', options.types.join(','));
    const patience = AbortSignal.timeout((options.waitMs ?? waitMs) + answerTimeoutMs);
    return pageShape.parse(await get(`${path}?${query.toString()}`, AbortSignal.any([signal, patience])));
  };
}
