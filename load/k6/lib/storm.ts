import { announce, giftOperation, look, note } from './give.ts';
import { newGift } from './donors.ts';
import { askTogether, type Operation } from './graph.ts';
import { observe } from './observe.ts';
import { outcomeOf, type DonateData } from './outcome.ts';
import { accessTokenOf } from './sessions.ts';

/** How often a gift is sent at most. */
const maxCopies = 5;
/** A client that gives up after so many milliseconds breaks the connection in the middle of the gift. */
const hastyTimeoutMs = 25;

/** One copy in six is cut by its client. */
function copyOf(operation: Operation): Operation {
  return Math.random() < 1 / 6 ? { ...operation, timeoutMs: hastyTimeoutMs } : operation;
}

/**
 * Sends one gift one to five times, some copies side by side, and throws away half of the answers. Then looks, if it has
 * kept one.
 */
export function storm({ hotShare }: { hotShare: number }): void {
  const gift = newGift({ hotShare });
  announce(gift);
  let knownVersion: string | null = null;
  let left = 1 + Math.floor(Math.random() * maxCopies);
  while (left > 0) {
    const together = 1 + Math.floor(Math.random() * left);
    left -= together;
    const operation = giftOperation(gift);
    const copies = Array.from({ length: together }, () => copyOf(operation));
    for (const answer of askTogether<DonateData>(copies)) {
      if (Math.random() < 0.5) {
        observe({ kind: 'discarded', key: gift.key });
        continue;
      }
      const outcome = outcomeOf(answer);
      note(gift, answer, outcome, { reader: null });
      if (outcome.kind === 'counted') knownVersion = outcome.totals.version;
    }
  }
  if (knownVersion !== null) {
    look(gift.campaignId, knownVersion, accessTokenOf(gift.donor));
    return;
  }
  observe({ kind: 'unknown', key: gift.key, campaignId: gift.campaignId, amount: String(gift.amount) });
}
