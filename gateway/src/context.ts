import type { Caller } from '@banyan/kit/hop';

/** What the edge knows of one request while it is executed. */
export interface EdgeContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** First choice of the client's `Accept-Language`. */
  readonly language: string | undefined;
  /** When the client stops waiting, in milliseconds since the epoch. */
  readonly deadlineAtMs: number;
}
