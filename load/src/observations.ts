import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const integer = z.string().regex(/^\d+$/).transform(BigInt);
const totalsShape = z.object({ version: integer, raised: integer, count: integer });
/** Milliseconds since the epoch. */
const at = z.number();
const key = z.string();
const campaignId = z.string();
const reader = z.string().nullable();
/** Whether this came by a stream of live totals, unasked: it has no time of its own. */
const isLive = z.boolean().optional();
/** Whether this was heard by asking what became of the gift, and not by sending it. */
const isQuestion = z.boolean().optional();

const observationShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sent'), at, key, campaignId, amount: integer, donor: z.number().nullable() }),
  z.object({
    kind: z.literal('counted'),
    at,
    key,
    campaignId,
    amount: integer,
    donationId: z.string(),
    totals: totalsShape,
    ms: z.number(),
    sinceMs: z.number(),
    reader,
    isQuestion,
  }),
  z.object({ kind: z.literal('ordered'), at, key, donationId: z.string(), ms: z.number() }),
  z.object({ kind: z.literal('refused'), at, key, campaignId, code: z.string(), isQuestion }),
  z.object({ kind: z.literal('failed'), at, key, status: z.number(), code: z.string() }),
  z.object({ kind: z.literal('turnedAway'), at, key, campaignId }),
  z.object({ kind: z.literal('discarded'), at, key }),
  z.object({ kind: z.literal('unknown'), at, key, campaignId, amount: integer }),
  z.object({
    kind: z.literal('read'),
    at,
    campaignId,
    atLeastVersion: integer,
    totals: totalsShape,
    ms: z.number(),
    reader,
    isLive,
  }),
  z.object({ kind: z.literal('unread'), at, campaignId, status: z.number() }),
  /** A stream of live totals, when it is over; `told` is the newest version that came by it. */
  z.object({
    kind: z.literal('followed'),
    at,
    campaignId,
    reader: z.string(),
    /** Whether its follower stays until the end, and does not give in between. */
    stays: z.boolean(),
    openedAtMs: at,
    told: integer.nullable(),
    /** Whether it ended by itself. */
    isBroken: z.boolean(),
  }),
  z.object({ kind: z.literal('closed'), at, campaignId, version: integer }),
]);

/** One thing that the load saw; amounts in minor units. */
export type Observation = z.infer<typeof observationShape>;
export type SeenTotals = z.infer<typeof totalsShape>;

/** A line of the run's record that is none: the run cannot be judged. */
class UnreadableObservation extends Error {
  override readonly name = 'UnreadableObservation';
}

/** Reads a line of the record; undefined for k6's own messages, which are no objects. */
export function parseObservation(line: string): Observation | undefined {
  if (!line.startsWith('{')) return undefined;
  const parsed = observationShape.safeParse(JSON.parse(line));
  if (!parsed.success) throw new UnreadableObservation(`This is not an observation: ${line.slice(0, 200)}`);
  return parsed.data;
}

/** Reads the record that k6 wrote, one JSON object a line. */
export async function* readObservations(file: string): AsyncGenerator<Observation> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const observation = parseObservation(line);
    if (observation !== undefined) yield observation;
  }
}
