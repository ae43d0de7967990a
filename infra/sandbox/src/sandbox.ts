import type { AddressInfo } from 'node:net';
import { closeAtOnce, createLogger, type Logger, type RunningApp } from '@banyan/kit/service';
import { createChecks } from './ekyc/checks.ts';
import { ekycRoutes } from './ekyc/routes.ts';
import { createFaults } from './faults/faults.ts';
import { faultRoutes } from './faults/routes.ts';
import { ok } from './http/reply.ts';
import { createRoutedServer } from './http/server.ts';
import type { BookEvent } from './payments/event.ts';
import { fileJournal, memoryJournal } from './payments/journal.ts';
import { createPayments } from './payments/payments.ts';
import { createOutbox } from './sms/outbox.ts';
import { smsRoutes } from './sms/routes.ts';

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Merchant accounts of the payment provider: name to secret. */
  readonly merchants: Readonly<Record<string, string>>;
  /** Folder of the payment provider's book; without it the book ends with the process. */
  readonly dataDir?: string | undefined;
  /** Under which browsers reach checkout and face check; the address of the server by default. */
  readonly publicUrl?: string | undefined;
  /** Waits in milliseconds before the second, third, … attempt at a notification. */
  readonly notifyRetryMs?: readonly number[];
  readonly log?: Logger;
  readonly now?: () => Date;
}

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
/** Close together at first, a day and more in all, as real providers do. */
const defaultRetryMs = [
  1 * seconds,
  5 * seconds,
  15 * seconds,
  30 * seconds,
  3 * minutes,
  10 * minutes,
  30 * minutes,
  1 * hours,
  3 * hours,
  6 * hours,
  15 * hours,
];

/** The outside world: SMS, eKYC and payments as one HTTP process, with faults to order. Never for production. */
export function createSandbox(options: SandboxOptions): RunningApp {
  const { port = 0, host = '127.0.0.1', now = () => new Date() } = options;
  const log = options.log ?? createLogger({ service: 'sandbox', level: 'silent' });
  let url = options.publicUrl ?? '';
  const publicUrl = () => url;

  const faults = createFaults();
  const journal = options.dataDir
    ? fileJournal<BookEvent>(options.dataDir, 'payments.jsonl')
    : memoryJournal<BookEvent>();
  const payments = createPayments({
    journal,
    merchants: options.merchants,
    faults,
    log,
    now,
    publicUrl,
    notifyRetryMs: options.notifyRetryMs ?? defaultRetryMs,
  });
  const server = createRoutedServer(
    {
      'GET /health/live': () => ok({ status: 'live' }),
      'GET /health/ready': () => ok({ status: 'ready', checks: {} }),
      ...smsRoutes(createOutbox(now), faults),
      ...ekycRoutes(createChecks(), faults, publicUrl),
      ...payments.routes,
      ...faultRoutes(faults),
    },
    log,
  );

  return {
    log,
    async start() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('error', reject);
      server.listen(port, host, resolve);
      await promise;
      const address = `http://${host}:${(server.address() as AddressInfo).port}`;
      url ||= address;
      payments.resume();
      return { url: address };
    },
    async stop() {
      await closeAtOnce(server);
      await payments.close();
    },
  };
}
