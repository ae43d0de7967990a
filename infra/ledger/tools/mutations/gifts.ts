import type { Mutation } from './mutation.ts';

const CAMPAIGNS = 'subgraphs/campaigns/src';

const capture = (name: string) => ({ file: 'subgraphs/campaigns/test/capture.test.ts', name });
const crash = (name: string) => ({ file: 'subgraphs/campaigns/test/crash.test.ts', name });
const donate = (name: string) => ({ file: 'subgraphs/campaigns/test/donate.test.ts', name });
const donateAtOnce = (name: string) => ({ file: 'subgraphs/campaigns/test/donate-at-once.test.ts', name });
const guest = (name: string) => ({ file: 'subgraphs/campaigns/test/guest.test.ts', name });
const orders = (name: string) => ({ file: 'subgraphs/campaigns/test/orders.test.ts', name });
const privacy = (name: string) => ({ file: 'subgraphs/campaigns/test/privacy.test.ts', name });
const suspense = (name: string) => ({ file: 'subgraphs/campaigns/test/suspense.test.ts', name });

/** What campaigns and the edge keep: who a payer is, what comes before the money, what a reader may share. */
export const ofGifts: readonly Mutation[] = [
  {
    point: 4,
    without: 'the secret that makes one guest of two requests',
    file: `${CAMPAIGNS}/domain/guest-tokens.ts`,
    find: "createHmac('sha256', key).update(`${campaignId}\\n${idempotencyKey}`)",
    replace: "createHmac('sha256', key).update(String(Math.random()))",
    test: guest('a guest whose first answer was lost asks again and has given once'),
  },
  {
    point: 4,
    without: 'a guest who stays the same payer when signed in',
    file: `${CAMPAIGNS}/db/migrations/0006-gift-functions.ts`,
    find: 'where p.guest_hash = i.guest_hash and i.user_id is not null and p.user_id is null',
    replace: 'where false and p.guest_hash = i.guest_hash',
    test: guest('a guest who signs in keeps the keys and the gifts; nobody else can take them'),
  },
  {
    point: 7,
    without: 'forgetting what was loaded before a write',
    file: `${CAMPAIGNS}/graphql/mutate.ts`,
    find: 'forgetLoaded(context.loaders);',
    replace: '',
    test: donate(
      'each mutation of an operation is followed by a reading of its own: nothing from before it is shown',
    ),
  },
  {
    point: 7,
    without: 'runs at the edge that are joined only before they begin',
    file: 'gateway/src/cache/shared-runs.ts',
    find: 'place.gathering = undefined;\n    const run',
    replace: 'const run',
    test: {
      file: 'gateway/test/cache.test.ts',
      name: 'a stranger’s read never joins one that began before the change',
    },
  },
  {
    point: 9,
    without: 'a payer who is a random reference',
    file: `${CAMPAIGNS}/domain/donate.ts`,
    find: "newPayerId: newId('pyr'),",
    replace: "newPayerId: caller.subject ?? newId('pyr'),",
    test: privacy('facts and postings name nobody, and the service cannot change them'),
  },
  {
    point: 5,
    without: 'the doubt when the money is taken and the ledger is full',
    file: `${CAMPAIGNS}/domain/donate.ts`,
    find: 'if (error instanceof LedgerOverloaded) return outcomeUnknown();',
    replace: 'if (error instanceof LedgerOverloaded) return overloaded(error.retryAfterMs);',
    test: donateAtOnce(
      'a full queue in front of the ledger, when the money is taken: unknown, and the same key finds the gift',
    ),
  },
  {
    point: 5,
    without: 'the doubt when an order is placed and cannot be noted',
    file: `${CAMPAIGNS}/domain/pay-gift.ts`,
    find: 'throw error instanceof WriterOverloaded ? outcomeUnknown() : error;',
    replace: 'throw error;',
    test: orders(
      'a full queue in front of the checkouts, when the order is placed: unknown, and the same key finds the order',
    ),
  },
  {
    point: 12,
    without: 'a key of the provider that follows from the intent',
    file: `${CAMPAIGNS}/domain/pay-gift.ts`,
    find: 'way.provider.capture({ key: id,',
    replace: 'way.provider.capture({ key: String(Math.random()),',
    test: capture('a capture that happened and whose answer was lost is unknown, and the same key finds it'),
  },
  {
    point: 12,
    without: 'the intent before the money',
    file: `${CAMPAIGNS}/domain/donate.ts`,
    find: 'const opened = await services.intents.write(gift);',
    replace: `const amount = { minor: gift.amount, currency: gift.currency };
      await services.ways.usual.provider.capture({ key: gift.id, amount });
      const opened = await services.intents.write(gift);`,
    test: donateAtOnce(
      'a full queue in front of the database: nothing has happened, and the donor is told when to come back',
    ),
  },
  {
    point: 12,
    without: 'the fact PAID in the commit that counts',
    file: `${CAMPAIGNS}/db/migrations/0006-gift-functions.ts`,
    find: "from unnest(posted) p\n  where p.kind = 'RECEIPT';",
    replace: "from unnest(posted) p\n  where p.kind = 'RECEIPT' and p.details ? 'suspense';",
    test: suspense('a second payment of one order is kept in suspense, once; the gift stays counted'),
  },
  {
    point: 12,
    without: 'the event in the commit that counts',
    file: `${CAMPAIGNS}/db/migrations/0006-gift-functions.ts`,
    find: "where p.kind = 'RECEIPT' and not p.details ? 'suspense'",
    replace: 'where false',
    test: donate('a counted gift is told to the other subgraphs in the commit that counts it'),
  },
  {
    point: 12,
    without: 'suspense for a second payment of an order',
    file: `${CAMPAIGNS}/domain/book-payment.ts`,
    find: "await keepInSuspense(services, gift, payment, 'PAID_TWICE');",
    replace: '',
    test: suspense('a second payment of one order is kept in suspense, once; the gift stays counted'),
  },
  {
    point: 12,
    without: 'suspense for what comes after the close',
    file: `${CAMPAIGNS}/domain/book-payment.ts`,
    find: 'return keepInSuspense(services, gift, payment, result.outcome);',
    replace: "return { state: 'SUSPENSE' };",
    test: suspense('money that arrives after the close is kept in suspense and not counted'),
  },
  {
    point: 12,
    without: 'the sweep of intents that a crash has left',
    file: `${CAMPAIGNS}/domain/settle-gift.ts`,
    find: 'await bookPayment(services, donation, status.payment);',
    replace: '',
    test: crash('a crash after the capture: the sweep finds the money and counts it'),
  },
];
