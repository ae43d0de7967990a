import type { NewEvent } from '@banyan/kit/events';

/** An event dated as what it tells. */
export interface SeedEvent extends NewEvent {
  readonly at: Date;
}
