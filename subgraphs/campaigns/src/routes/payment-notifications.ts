import { readBody, sendError, sendJson, type Route } from '@banyan/kit/service';
import { NotificationRefused, type PaymentEvent } from '@banyan/payments';
import type { Services } from '../context.ts';
import { keepUnreadable, receiveNotification } from '../domain/receive-notification.ts';

const maxNotificationBytes = 64 * 1_024;

/**
 * `POST /payments/notifications`: closed to all but the provider, whose signature is over the raw bytes. What could not be booked
 * for the moment is answered 503, upon which the provider comes again; everything else that it signed is acknowledged.
 */
export function createNotificationRoute(services: Services): Route {
  return async (request, response) => {
    const rawBody = await readBody(request, maxNotificationBytes);
    let event: PaymentEvent | undefined;
    try {
      event = services.ways.orders.provider.verifyNotification(request.headers, rawBody);
    } catch (error) {
      if (!(error instanceof NotificationRefused)) throw error;
      // Read after the signature was verified: the provider said it, and saying it again would not help.
      if (error.problem !== 'UNREADABLE') {
        services.log.warn({ problem: error.problem }, 'refused a notification');
        sendError(response, 400, 'NOTIFICATION_REFUSED', 'This notification is not to be believed.');
        return;
      }
    }
    try {
      await (event === undefined
        ? keepUnreadable(services, rawBody)
        : receiveNotification(services, event, rawBody));
    } catch (error) {
      services.log.error({ err: error, eventId: event?.eventId }, 'a notification could not be booked');
      sendError(response, 503, 'UNAVAILABLE', 'Not now. Come again.', { 'retry-after': '5' });
      return;
    }
    sendJson(response, 200, { received: true });
  };
}
