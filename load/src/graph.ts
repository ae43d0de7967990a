import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { SeenTotals } from './observations.ts';

/** The graph did not answer as expected. */
export class GraphUnavailable extends Error {
  override readonly name = 'GraphUnavailable';
}

/** How often the graph is asked again that says the budget is used up. */
const maxTimesTurnedAway = 60;

/**
 * Sends one operation to the graph; waits for budget where that is used up.
 * @throws GraphUnavailable when there is no answer or an error in it
 */
export async function ask(
  graphUrl: string,
  query: string,
  variables: object = {},
  accessToken?: string,
): Promise<unknown> {
  let response = await send(graphUrl, { query, variables }, accessToken);
  for (let times = 1; response.status === 429 && times <= maxTimesTurnedAway; times += 1) {
    await delay(Number(response.headers.get('retry-after') ?? 1) * 1_000);
    response = await send(graphUrl, { query, variables }, accessToken);
  }
  const answer = z
    .object({ data: z.unknown().optional(), errors: z.array(z.object({ message: z.string() })).optional() })
    .parse(await response.json());
  if (answer.errors?.[0] !== undefined)
    throw new GraphUnavailable(`The graph answers: ${answer.errors[0].message}`);
  return answer.data;
}

async function send(graphUrl: string, body: object, accessToken: string | undefined): Promise<Response> {
  try {
    return await fetch(graphUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new GraphUnavailable(
      `There is no graph at ${graphUrl}. Start one with npm start, or name it with --url.`,
      { cause: error },
    );
  }
}

const integer = z.string().transform(BigInt);
const totalsShape = z.object({
  campaign: z.object({
    totals: z.object({ version: integer, raised: z.object({ minor: integer }), donationCount: integer }),
  }),
});

/** Totals of campaigns as the graph shows them to anybody. */
export async function readGraphTotals(
  graphUrl: string,
  campaignIds: readonly string[],
): Promise<Map<string, SeenTotals>> {
  const query =
    'query Totals($id: ID!) { campaign(id: $id) { totals { version raised { minor } donationCount } } }';
  const entries: [string, SeenTotals][] = [];
  for (const id of campaignIds) {
    const { campaign } = totalsShape.parse(await ask(graphUrl, query, { id }));
    const { version, raised, donationCount } = campaign.totals;
    entries.push([id, { version, raised: raised.minor, count: donationCount }]);
  }
  return new Map(entries);
}

const campaignsShape = z.object({ campaigns: z.object({ nodes: z.array(z.object({ id: z.string() })) }) });

/** Ids of live campaigns in CNY, the newest first. */
export async function findLiveCampaigns(graphUrl: string, first: number): Promise<string[]> {
  const data = await ask(graphUrl, 'query Live($first: Int!) { campaigns(first: $first) { nodes { id } } }', {
    first,
  });
  return campaignsShape.parse(data).campaigns.nodes.map((node) => node.id);
}

const campaignShape = z.object({ campaign: z.object({ id: z.string() }).nullable() });

/** Id of a campaign by its slug, or undefined. */
export async function findCampaign(graphUrl: string, slug: string): Promise<string | undefined> {
  const data = await ask(graphUrl, 'query Hot($slug: String!) { campaign(slug: $slug) { id } }', { slug });
  return campaignShape.parse(data).campaign?.id;
}
