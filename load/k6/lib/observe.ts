/** What the run saw, one JSON line each, for the auditor. Written by `console.log`, so that nothing of it is sampled. */
export type Observation =
  | { kind: 'sent'; key: string; campaignId: string; amount: string }
  | {
      kind: 'counted';
      key: string;
      campaignId: string;
      amount: string;
      donationId: string;
      totals: SeenTotals;
      attempts: number;
    }
  | { kind: 'refused'; key: string; campaignId: string; code: string }
  | { kind: 'unknown'; key: string; campaignId: string; amount: string }
  | { kind: 'read'; campaignId: string; atLeastVersion: string; totals: SeenTotals };

/** Totals as the graph showed them. */
export interface SeenTotals {
  version: string;
  raised: string;
  count: string;
}

export function observe(observation: Observation): void {
  console.log(JSON.stringify(observation));
}
