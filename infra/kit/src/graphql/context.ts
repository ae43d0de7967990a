import type { Caller } from '../hop/assertion.ts';
import type { Logger } from '../service/logger.ts';

/** What the kit knows of one operation. A subgraph adds its database and its loaders. */
export interface OperationContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly language: 'en' | 'zh';
  /** When the client stops waiting, in milliseconds since the epoch. */
  readonly deadlineAtMs: number | undefined;
  /** Where the client asks from: an IPv4 address or a /64 of IPv6. Known of mutations alone, to limit strangers by it. */
  readonly network?: string | undefined;
  readonly log: Logger;
  /** Collects what the answer depends on; undefined when nobody asked. */
  readonly dependencies?: Set<string> | undefined;
}
