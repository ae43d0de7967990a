import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { newGift } from './donors.ts';
import { confirm, give, look } from './give.ts';
import { observe } from './observe.ts';
import { accessTokenOf } from './sessions.ts';
import { settings } from './settings.ts';

/** How the provider tells of a payment: a fault each, in turn. */
const notifications = [
  {},
  { copies: 2 },
  { delayMs: 1_500 },
  { swap: true },
  { copies: 3, delayMs: 500 },
  // Never: the sweep must ask.
  { drop: true },
] as const;
/** How often a payer asks whether the gift has arrived; whoever is never told learns it from the auditor. */
const maxQuestions = 5;
const maxPayments = 4;

/** @param minor another amount than was asked, if any */
function isPaid(checkoutUrl: string, notification: object, minor: string | undefined): boolean {
  const orderId = checkoutUrl.split('/').at(-1) ?? '';
  const response = http.post(
    `${settings.sandboxUrl}/payments/orders/${orderId}/pay`,
    JSON.stringify({ notification, minor }),
    { headers: { 'content-type': 'application/json' }, tags: { name: 'pay order' } },
  );
  return response.status === 200;
}

/**
 * Orders, pays at the provider, and asks until the gift is counted. Some never pay, and some pay another amount, which is
 * kept in suspense.
 */
export function giveByOrder(to: { hotShare: number; campaignId?: string }): void {
  const gift = { ...newGift(to), provider: 'sandbox-async' };
  const given = give(gift);
  if (given?.kind !== 'ordered') return;
  const number = exec.scenario.iterationInTest;
  const isForgotten = number % 10 === 9;
  const minor = number % 12 === 7 ? String(gift.amount + 1) : undefined;
  const notification = notifications[number % notifications.length] ?? {};
  for (let attempt = 1; !isForgotten && attempt <= maxPayments; attempt += 1) {
    if (isPaid(given.checkoutUrl, notification, minor)) {
      confirm(gift, 'drop' in notification ? 1 : maxQuestions);
      look(gift.campaignId, '0', accessTokenOf(gift.donor));
      return;
    }
    sleep(attempt);
  }
  observe({ kind: 'unknown', key: gift.key, campaignId: gift.campaignId, amount: String(gift.amount) });
}
