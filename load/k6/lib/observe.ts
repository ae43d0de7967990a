/** What the run saw, one JSON line each, for the auditor. Written by `console.log`, so that nothing of it is sampled. */
export type Observation =
  /** A gift leaves for the graph; `donor` is the number of its donor's session, null for a guest. */
  | { kind: 'sent'; key: string; campaignId: string; amount: string; donor: number | null }
  /**
   * An acknowledgement; `ms` is the time of the one request that brought it, `sinceMs` that since the first one;
   * `isQuestion` when it was heard by asking what became of the gift, and not by sending it.
   */
  | {
      kind: 'counted';
      key: string;
      campaignId: string;
      amount: string;
      donationId: string;
      totals: SeenTotals;
      ms: number;
      sinceMs: number;
      reader: string | null;
      isQuestion?: boolean;
    }
  /** The payer has still to pay at the provider. */
  | { kind: 'ordered'; key: string; donationId: string; ms: number }
  | { kind: 'refused'; key: string; campaignId: string; code: string; isQuestion?: boolean }
  /** No outcome by this request: an error that may be retried, a broken connection. */
  | { kind: 'failed'; key: string; status: number; code: string }
  /** The budget of whoever asked is used up (429): this request has no effect. */
  | { kind: 'turnedAway'; key: string; campaignId: string }
  /** An answer came and the client threw it away. */
  | { kind: 'discarded'; key: string }
  /** The client gives up without knowing what became of its gift. */
  | { kind: 'unknown'; key: string; campaignId: string; amount: string }
  | {
      kind: 'read';
      campaignId: string;
      /** The version that the reader knew before it asked. */
      atLeastVersion: string;
      totals: SeenTotals;
      ms: number;
      reader: string | null;
    }
  | { kind: 'unread'; campaignId: string; status: number }
  /** Its organiser was told that a campaign has ended; `version` is that of its totals after this. */
  | { kind: 'closed'; campaignId: string; version: string };

/** Totals as the graph showed them. */
export interface SeenTotals {
  version: string;
  raised: string;
  count: string;
}

export function observe(observation: Observation): void {
  console.log(JSON.stringify({ at: Date.now(), ...observation }));
}
