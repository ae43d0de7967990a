import type { SubgraphParts } from '@banyan/kit/subgraph';
import { createCommitter, createTotalsReader } from '@banyan/ledger';
import { createHttpPaymentProvider } from '@banyan/payments';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import type { Database } from './db/database.ts';
import { createGroupWriter } from './db/group-writer.ts';
import { openIntents } from './db/intents.ts';
import { insertCheckouts } from './db/payments.ts';
import { createGiftGate } from './domain/gift-gate.ts';
import { createGuestTokens, deriveGuestTokenKey } from './domain/guest-tokens.ts';
import { createTotalsWatch } from './domain/totals-watch.ts';
import { createLimits } from './limits.ts';
import { createPaymentWays } from './providers/payment-ways.ts';

/**
 * What actions use, made from the settings.
 * @param notifyUrl where the payment provider sends its notifications; known when the subgraph listens.
 */
export function createServices(
  config: Config,
  { log, registry, database, redis, wakeUps }: SubgraphParts<Database>,
  notifyUrl: () => string,
): Services {
  const { db } = database;
  const totals = createTotalsReader(db);
  return {
    db,
    log,
    totals,
    totalsWatch: createTotalsWatch({ totals, bell: wakeUps, log }),
    committer: createCommitter({
      url: config.DATABASE_URL,
      registry,
      onFault: (fault, error, rows) => log.warn({ err: error, fault, rows }, 'a batch of the ledger failed'),
    }),
    intents: createGroupWriter({ write: (batch) => openIntents(db, batch) }),
    checkouts: createGroupWriter({ write: (batch) => insertCheckouts(db, batch) }),
    ways: createPaymentWays(
      createHttpPaymentProvider({
        url: config.SANDBOX_URL,
        merchant: config.PAYMENTS_MERCHANT,
        secret: config.PAYMENTS_SECRET,
        timeoutMs: config.CAPTURE_TIMEOUT_MS,
      }),
    ),
    gate: createGiftGate(config.MAX_GIFTS_IN_FLIGHT),
    guests: createGuestTokens(guestTokenKey(config)),
    limits: createLimits(redis),
    notifyUrl,
    settings: {
      maxGiftMinor: config.MAX_GIFT_MINOR,
      helpIsolation: config.HELP_ISOLATION === 'on',
      sweepAfterSeconds: config.SWEEP_AFTER_SECONDS,
      abandonAfterSeconds: config.ABANDON_AFTER_SECONDS,
    },
  };
}

function guestTokenKey({ GUEST_TOKEN_KEY: key, PAYMENTS_SECRET: secret }: Config): Buffer {
  return key === undefined ? deriveGuestTokenKey(secret) : Buffer.from(key, 'base64url');
}

/** Waits for what is under way, then closes connections. */
export async function closeServices(services: Services): Promise<void> {
  const { totalsWatch, intents, checkouts, committer, ways } = services;
  totalsWatch.close();
  await intents.drain();
  await checkouts.drain();
  await committer.drain();
  await ways.close();
}
