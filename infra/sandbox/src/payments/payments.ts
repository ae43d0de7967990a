import type { Logger } from '@banyan/kit/service';
import type { Faults } from '../faults/faults.ts';
import type { Routes } from '../http/reply.ts';
import { createBook } from './book.ts';
import { createDesk } from './desk.ts';
import type { BookEvent } from './event.ts';
import { planDelivery, type DeliveryHints } from './delivery.ts';
import type { Journal } from './journal.ts';
import { createAuthenticate, type Merchants } from './merchants.ts';
import { notificationOf } from './notification.ts';
import { createNotifier } from './notifier.ts';
import { bookRoutes } from './book-routes.ts';
import { checkoutRoutes } from './checkout-routes.ts';
import { merchantRoutes } from './merchant-routes.ts';

export interface PaymentsOptions {
  readonly journal: Journal<BookEvent>;
  readonly merchants: Merchants;
  readonly faults: Faults;
  readonly log: Logger;
  readonly now: () => Date;
  readonly notifyRetryMs: readonly number[];
  readonly publicUrl: () => string;
}

export interface Payments {
  readonly routes: Routes;
  /** Takes up the notifications that an earlier process left unacknowledged. */
  resume(): void;
  close(): Promise<void>;
}

/** Tells the merchant of a payment or refund, as hints and ordered faults would have it. */
export type Tell = (subjectId: string, hints: DeliveryHints) => void;

/** The payment provider: its book, its desk for merchants and payers, its notifications. */
export function createPayments(options: PaymentsOptions): Payments {
  const { journal, merchants, faults, log, now, publicUrl } = options;
  const book = createBook(journal);
  const desk = createDesk(book, now);
  const notifier = createNotifier({
    log,
    now,
    retryMs: options.notifyRetryMs,
    secretOf: (merchant) => merchants[merchant] ?? '',
    onTold: (eventId) => {
      if (book.untold.has(eventId)) book.record({ kind: 'told', eventId });
    },
  });

  const tell: Tell = (subjectId, hints) => {
    const notification = notificationOf(book, subjectId);
    if (!notification) return;
    const striking = faults.draw({
      service: 'payments',
      operation: 'notification',
      subject: notification.key,
    });
    notifier.notify(notification, planDelivery(hints, striking));
  };

  const shared = { book, desk, faults, tell, now, publicUrl };
  return {
    routes: {
      ...merchantRoutes({ ...shared, authenticate: createAuthenticate(merchants) }),
      ...checkoutRoutes(shared),
      ...bookRoutes(book),
    },
    resume() {
      for (const subjectId of book.untold) tell(subjectId, {});
    },
    async close() {
      await notifier.close();
      journal.close();
    },
  };
}
