import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '@banyan/kit/service';
import { hiddenFailure, RequestRefused } from '../errors.ts';
import type { LiveOperation } from './live-operation.ts';
import type { LiveMetrics } from './metrics.ts';
import { SubscriptionRefused } from './refused.ts';
import { SharedSubscription } from './shared-subscription.ts';
import type { Subscriber } from './subscriber.ts';

/** All subscriptions of this process. */
export interface Hub {
  /**
   * Follows an operation until the returned function is called or the subscriber is told of the end.
   * @param payer whom it is counted by when it is the first of its kind.
   * @throws SubscriptionRefused when the graph does not take it, RequestRefused 503 when there is no room, 429 when the
   * payer has taken as much of it as one may.
   */
  join(operation: LiveOperation, subscriber: Subscriber, payer: string): () => void;
  /**
   * Goes on by the present version of the graph; what is no longer valid there is ended. There may be thousands, so others
   * have their turn between one and the next. Never rejects.
   */
  replan(): Promise<void>;
}

interface Followed {
  readonly operation: LiveOperation;
  readonly subscription: SharedSubscription;
}

export function createHub(options: {
  coalesceMs: number;
  maxUpstreams: number;
  maxUpstreamsPerCaller: number;
  metrics: LiveMetrics;
  log: Logger;
}): Hub {
  const { coalesceMs, maxUpstreams, maxUpstreamsPerCaller, metrics, log } = options;
  const opened = new Map<string, number>();
  const shared = new Map<string, Followed>();
  let replans = 0;

  function open(operation: LiveOperation, payer: string): SharedSubscription {
    if (shared.size >= maxUpstreams) {
      const message = 'There are more different subscriptions than can be followed. Try again in a moment.';
      const extensions = { code: 'OVERLOADED', retryAfterSeconds: 1 };
      throw new RequestRefused(503, message, extensions, { 'retry-after': '1' });
    }
    const count = opened.get(payer) ?? 0;
    if (count >= maxUpstreamsPerCaller) {
      const message = `There are ${count} different subscriptions of this caller, which is the limit.`;
      const limit = { limit: 'maxUpstreamsPerCaller', max: maxUpstreamsPerCaller };
      throw new RequestRefused(429, message, { code: 'LIMIT_EXCEEDED', ...limit });
    }
    const subscription = new SharedSubscription({
      plan: operation.plan(),
      coalesceMs,
      metrics,
      log,
      onEnd() {
        shared.delete(operation.key);
        const left = (opened.get(payer) ?? 1) - 1;
        if (left === 0) opened.delete(payer);
        else opened.set(payer, left);
        metrics.upstreams.set(shared.size);
      },
    });
    shared.set(operation.key, { operation, subscription });
    opened.set(payer, count + 1);
    metrics.upstreams.set(shared.size);
    return subscription;
  }

  function planAnew({ operation, subscription }: Followed): void {
    try {
      subscription.replan(operation.plan());
    } catch (error) {
      const isRefused = error instanceof SubscriptionRefused;
      if (!isRefused)
        log.error({ err: error }, 'a subscription cannot be planned on this version of the graph');
      subscription.end({ kind: 'refused', errors: isRefused ? error.errors : [hiddenFailure] });
    }
  }

  return {
    join(operation, subscriber, payer) {
      const subscription = shared.get(operation.key)?.subscription ?? open(operation, payer);
      subscription.join(subscriber);
      return () => {
        subscription.leave(subscriber);
      };
    },
    async replan() {
      replans += 1;
      const own = replans;
      // Who joins meanwhile is planned once more, which does no harm.
      for (const followed of shared.values()) {
        // Yet another version has come.
        if (own !== replans) return;
        planAnew(followed);
        await nextTurn();
      }
    },
  };
}
