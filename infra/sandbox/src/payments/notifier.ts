import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@banyan/kit/service';
import { Agent, request } from 'undici';
import type { Delivery } from './delivery.ts';
import { signedHeaders, type Notification } from './notification.ts';

export interface NotifierOptions {
  readonly log: Logger;
  readonly now: () => Date;
  /** Waits before the second, third, … attempt; after the last the merchant has to ask. */
  readonly retryMs: readonly number[];
  readonly secretOf: (merchant: string) => string;
  /** The merchant has acknowledged it, or will never get it. */
  readonly onTold: (subjectId: string) => void;
}

export interface Notifier {
  notify(notification: Notification, delivery: Delivery): void;
  /** Gives up what is under way; a book that outlives the process takes it up again. */
  close(): Promise<void>;
}

const attemptTimeoutMs = 5_000;
const maxConnections = 32;
/** How long a notification waits to be overtaken before it goes anyway. */
const maxHoldMs = 2_000;

/** Tells merchants what happened until they acknowledge with a 2xx, at least once and in no certain order. */
export function createNotifier({ log, now, retryMs, secretOf, onTold }: NotifierOptions): Notifier {
  const agent = new Agent({ connections: maxConnections });
  const closing = new AbortController();
  /** By merchant: those that wait for the next one to overtake them. */
  const held = new Map<string, (() => void)[]>();

  async function attempt({ url, body, merchant }: Notification): Promise<boolean> {
    try {
      const response = await request(url, {
        method: 'POST',
        headers: signedHeaders(secretOf(merchant), body, now()),
        body,
        dispatcher: agent,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(attemptTimeoutMs)]),
      });
      await response.body.dump();
      return response.statusCode >= 200 && response.statusCode < 300;
    } catch (error) {
      if (!closing.signal.aborted) log.debug({ err: error }, 'a notification did not arrive');
      return false;
    }
  }

  async function deliver(notification: Notification): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const arrived = await attempt(notification);
      if (closing.signal.aborted) return;
      const delayMs = retryMs[tries];
      if (arrived || delayMs === undefined) {
        if (!arrived) log.warn({ subjectId: notification.subjectId }, 'gave up on a notification');
        onTold(notification.subjectId);
        return;
      }
      await pause(delayMs);
    }
  }

  function pause(delayMs: number): Promise<void> {
    return wait(delayMs, undefined, { signal: closing.signal, ref: false });
  }

  async function beOvertaken(merchant: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.set(merchant, [...(held.get(merchant) ?? []), resolve]);
    await Promise.race([promise, pause(maxHoldMs)]);
  }

  function release(merchant: string): void {
    for (const resolve of held.get(merchant) ?? []) resolve();
    held.delete(merchant);
  }

  async function travel(notification: Notification, { delayMs, copies, swap }: Delivery): Promise<void> {
    const { merchant } = notification;
    if (delayMs > 0) await pause(delayMs);
    if (swap) await beOvertaken(merchant);
    for (let copy = 1; copy < copies; copy += 1) await attempt(notification);
    await deliver(notification);
    if (!swap) release(merchant);
  }

  return {
    notify(notification, delivery) {
      if (delivery.drop) {
        onTold(notification.subjectId);
        return;
      }
      travel(notification, delivery).catch((error: unknown) => {
        if (!closing.signal.aborted) log.error({ err: error }, 'a notification broke off');
      });
    },
    async close() {
      closing.abort();
      await agent.destroy();
    },
  };
}
