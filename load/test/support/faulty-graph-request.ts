import { z } from 'zod';

/** What the faulty graph is asked. */
export const requestShape = z.object({
  query: z.string(),
  variables: z.object({
    id: z.string().optional(),
    campaignId: z.string().optional(),
    key: z.string().optional(),
    input: z
      .object({
        campaignId: z.string(),
        idempotencyKey: z.string(),
        amount: z.object({ minor: z.string() }),
        provider: z.string().optional(),
      })
      .optional(),
  }),
});
export type FaultyGraphInput = NonNullable<z.infer<typeof requestShape>['variables']['input']>;
