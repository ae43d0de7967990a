import { inTransaction } from '@banyan/kit/database';
import { readBody, sendError, type Route } from '@banyan/kit/service';
import { NotificationRefused, type PaymentEvent } from '@banyan/payments';
import type { Services } from '../../context.ts';
import { keepNotification } from '../../db/kept-notifications.ts';
import { recordRefunded } from './refund.ts';
import { takePayment } from './take-payment.ts';

const maxNotificationBytes = 64 * 1_024;

/** What the provider's numbers and ours look like: visible, and short enough for a key. */
const reference = /^[\x21-\x7e]{1,128}$/;

/**
 * `POST /payments/notifications`: the provider tells. Verified over the bytes as they came; acknowledged once it is
 * committed, or known already. An error here is a 500, and the provider tells again. What it has signed and nobody here can
 * use is kept and acknowledged: the same again would say no more.
 */
export function notificationRoute(services: Services): Route {
  const { provider, log } = services;
  return async (request, response) => {
    const body = await readBody(request, maxNotificationBytes);
    let event: PaymentEvent | undefined;
    try {
      event = provider.verifyNotification(request.headers, body, services.now());
    } catch (error) {
      if (!(error instanceof NotificationRefused)) throw error;
      // Read after the signature was verified.
      if (error.problem !== 'UNREADABLE') {
        log.warn({ problem: error.problem }, 'a notification was refused');
        sendError(response, 400, 'NOTIFICATION_REFUSED', 'This notification is not to be believed.');
        return;
      }
    }
    if (event !== undefined && isUsable(event)) await receive(services, event);
    else {
      log.error('a notification that the provider signed cannot be used; it is kept');
      await keepNotification(services.db, body);
    }
    response.writeHead(204).end();
  };
}

/** Whether what it names can be stored. */
function isUsable(event: PaymentEvent): boolean {
  switch (event.type) {
    case 'order.paid': {
      const { paymentId, amount } = event.payment;
      return [event.key, paymentId, amount.currency].every((text) => reference.test(text));
    }
    case 'refund.paid':
      return [event.key, event.refund.refundId].every((text) => reference.test(text));
    case 'other':
      return true;
    default:
      return event satisfies never;
  }
}

async function receive({ db, log, provider, now }: Services, event: PaymentEvent): Promise<void> {
  switch (event.type) {
    case 'order.paid': {
      const told = { provider: provider.name, key: event.key, payment: event.payment };
      const outcome = await inTransaction(db, (trx) => takePayment(trx, told, now()));
      log.info({ eventId: event.eventId, outcome }, 'a payment was told');
      return;
    }
    case 'refund.paid': {
      const known = await inTransaction(db, (trx) => recordRefunded(trx, event.key, event.refund));
      if (!known) log.error({ eventId: event.eventId }, 'a refund was told that nobody here asked for');
      return;
    }
    case 'other':
      return;
    default:
      event satisfies never;
  }
}
