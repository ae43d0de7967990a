import { inTransaction } from '@banyan/kit/database';
import { readBody, sendError, type Route } from '@banyan/kit/service';
import { NotificationRefused, type PaymentEvent } from '@banyan/payments';
import type { Services } from '../../context.ts';
import { recordRefunded } from './refund.ts';
import { takePayment } from './take-payment.ts';

const maxNotificationBytes = 64 * 1_024;

/**
 * `POST /payments/notifications`: the provider tells. Verified over the bytes as they came; acknowledged once it is
 * committed, or known already. An error here is a 500, and the provider tells again.
 */
export function notificationRoute(services: Services): Route {
  const { provider, log } = services;
  return async (request, response) => {
    const body = await readBody(request, maxNotificationBytes);
    let event: PaymentEvent;
    try {
      event = provider.verifyNotification(request.headers, body, services.now());
    } catch (error) {
      if (!(error instanceof NotificationRefused)) throw error;
      log.warn({ problem: error.problem }, 'a notification was refused');
      sendError(response, 400, 'NOTIFICATION_REFUSED', 'This notification is not to be believed.');
      return;
    }
    await receive(services, event);
    response.writeHead(204).end();
  };
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
