import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const integer = z.string().regex(/^\d+$/).transform(BigInt);
const totalsShape = z.object({ version: integer, raised: integer, count: integer });

const observationShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sent'), key: z.string(), campaignId: z.string(), amount: integer }),
  z.object({
    kind: z.literal('counted'),
    key: z.string(),
    campaignId: z.string(),
    amount: integer,
    donationId: z.string(),
    totals: totalsShape,
    attempts: z.number(),
  }),
  z.object({ kind: z.literal('refused'), key: z.string(), campaignId: z.string(), code: z.string() }),
  z.object({ kind: z.literal('unknown'), key: z.string(), campaignId: z.string(), amount: integer }),
  z.object({ kind: z.literal('read'), campaignId: z.string(), atLeastVersion: integer, totals: totalsShape }),
]);

/** One thing that the load saw; amounts in minor units. */
export type Observation = z.infer<typeof observationShape>;
export type SeenTotals = z.infer<typeof totalsShape>;

/** A line of the run's record that is none: the run cannot be judged. */
export class UnreadableObservation extends Error {
  override readonly name = 'UnreadableObservation';
}

/** Reads the record that k6 wrote, one JSON object a line. Lines that are no object are k6's own messages. */
export async function* readObservations(file: string): AsyncGenerator<Observation> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (!line.startsWith('{')) continue;
    const parsed = observationShape.safeParse(JSON.parse(line));
    if (!parsed.success)
      throw new UnreadableObservation(
        `Line ${number} of the record is not an observation: ${line.slice(0, 200)}`,
      );
    yield parsed.data;
  }
}
