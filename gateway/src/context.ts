import type { Caller } from '@banyan/kit/hop';
import type { CheckedOperation } from './limits/check-request.ts';
import type { CopyLog } from './cache/copy-log.ts';
import type { Presence } from './http/presence.ts';

/** What the edge knows of one request while it is executed. */
export interface EdgeContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** First choice of the client's `Accept-Language`. */
  readonly language: string | undefined;
  /** When the client stops waiting, in milliseconds since the epoch. */
  readonly deadlineAtMs: number;
  /** The operation as the limits know it; null when it cannot be parsed. */
  readonly checked: CheckedOperation | null;
  /** Whether the caller may ask for the schema, and be told names of it that it did not say. */
  readonly seesSchema: boolean;
  /** Whether the client wants to know what its operation cost. */
  readonly showsCost: boolean;
  /** Takes what the answer cost, for the budget of the caller; undefined where nothing is to be given back. */
  readonly settleCost: ((actual: number) => void) | undefined;
  /** Whether the client has said itself how long it waits. */
  readonly hasOwnDeadline: boolean;
  /** Where the client of a mutation asks from; see networkOf. */
  readonly network?: string | undefined;
  /** Of the client whose answer this is; undefined where several wait for it. */
  readonly presence?: Presence | undefined;
  /** Notes which copies the answer consists of, where that is asked. */
  readonly copyLog?: CopyLog | undefined;
  /** Copies will not do: the caller has just changed something. */
  readonly wantsFresh?: boolean;
}
