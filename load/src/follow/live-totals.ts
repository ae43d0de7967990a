import { z } from 'zod';
import { GraphUnavailable } from '../graph.ts';
import type { SeenTotals } from '../observations.ts';

const integer = z.string().transform(BigInt);
const eventShape = z.object({
  data: z.object({
    campaignTotalsChanged: z.object({
      totals: z.object({ version: integer, raised: z.object({ minor: integer }), donationCount: integer }),
    }),
  }),
});
const query = `subscription Live($campaignId: ID!) {
  campaignTotalsChanged(campaignId: $campaignId) { totals { version raised { minor } donationCount } }
}`;

/** Whose totals are followed, and by whom. */
export interface LiveQuestion {
  readonly graphUrl: string;
  readonly campaignId: string;
  /** None of a stranger. */
  readonly accessToken: string | undefined;
}

/**
 * Follows the totals of a campaign over server-sent events, by graphql-sse's distinct connections mode, until the signal
 * ends it.
 * @throws GraphUnavailable when the stream breaks, ends or is refused
 */
export async function* followTotals(
  { graphUrl, campaignId, accessToken }: LiveQuestion,
  signal: AbortSignal,
): AsyncGenerator<SeenTotals> {
  try {
    const response = await fetch(`${graphUrl}/stream`, {
      method: 'POST',
      signal,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      },
      body: JSON.stringify({ query, variables: { campaignId } }),
    });
    if (!response.ok || response.body === null) throw refused(`the stream is answered ${response.status}`);
    for await (const { name, data } of readEvents(response.body)) {
      if (name !== 'next') throw refused('the stream is complete');
      const { totals } = eventShape.parse(JSON.parse(data)).data.campaignTotalsChanged;
      yield { version: totals.version, raised: totals.raised.minor, count: totals.donationCount };
    }
    throw refused('the stream broke off');
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof GraphUnavailable ? error : refused(String(error), error);
  }
}

function refused(why: string, cause?: unknown): GraphUnavailable {
  return new GraphUnavailable(`Live totals: ${why}`, { cause });
}

/** The events of a stream (HTML standard, "Server-sent events"); comments, which show that it is there, are left out. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ name: string; data: string }> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${name}: `))
          .map((line) => line.slice(name.length + 2))
          .join('\n');
      if (field('event') !== '') yield { name: field('event'), data: field('data') };
    }
  }
}
