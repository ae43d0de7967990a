import type { OperationContext } from '@banyan/kit/graphql';
import type { Logger } from '@banyan/kit/service';
import type { Committer, TotalsReader } from '@banyan/ledger';
import type { Kysely } from 'kysely';
import type { Database } from './db/database.ts';
import type { GroupWriter } from './db/group-writer.ts';
import type { IntentAnswer, NewIntent } from './db/intents.ts';
import type { CheckoutRow } from './db/payments.ts';
import type { GiftGate } from './domain/gift-gate.ts';
import type { TotalsWatch } from './domain/totals-watch.ts';
import type { GuestTokens } from './domain/guest-tokens.ts';
import type { Limits } from './limits.ts';
import type { Loaders } from './loaders.ts';
import type { PaymentWays } from './providers/payment-ways.ts';

/** What actions use beside the operation itself; made once, in `app.ts`. */
export interface Services {
  readonly db: Kysely<Database>;
  readonly log: Logger;
  /** Totals from the primary's row, shared only with who asked before the SELECT began. */
  readonly totals: TotalsReader;
  /** Tells subscribers of new totals. */
  readonly totalsWatch: TotalsWatch;
  readonly committer: Committer;
  readonly intents: GroupWriter<NewIntent, IntentAnswer>;
  readonly checkouts: GroupWriter<CheckoutRow, null>;
  readonly ways: PaymentWays;
  readonly gate: GiftGate;
  readonly guests: GuestTokens;
  readonly limits: Limits;
  /** Where the provider's notifications go. */
  readonly notifyUrl: () => string;
  readonly settings: Settings;
}

/** Rules that are a matter of configuration. */
export interface Settings {
  readonly maxGiftMinor: bigint;
  readonly helpIsolation: boolean;
  readonly sweepAfterSeconds: number;
  readonly abandonAfterSeconds: number;
}

/** What a resolver gets. */
export interface Context extends OperationContext, Services {
  readonly loaders: Loaders;
}
