import type { Limiter } from '@banyan/kit/cache';
import type { OperationContext } from '@banyan/kit/graphql';
import type { Logger } from '@banyan/kit/service';
import type { PaymentProvider } from '@banyan/payments';
import type { Kysely } from 'kysely';
import type { Database } from './db/database.ts';
import type { Loaders } from './loaders.ts';

/** What actions use beside the operation itself; made once, in `app.ts`. */
export interface Services {
  readonly db: Kysely<Database>;
  /** The time of actions and of what is shown relative to it. */
  readonly now: () => Date;
  readonly log: Logger;
  readonly limits: {
    /** Quotes of one person. */
    readonly quotes: Limiter;
    /** Plans that one person joins and amounts that one person tops up; most make an order at the provider. */
    readonly aid: Limiter;
  };
  readonly provider: PaymentProvider;
  /** Where the provider tells what happened. */
  readonly notifyUrl: () => string;
}

/** What a resolver gets. */
export interface Context extends OperationContext, Services {
  readonly log: Logger;
  /** Made anew after each mutation of the operation, so that its payload shows what it wrote. */
  loaders: Loaders;
}
