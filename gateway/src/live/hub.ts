import type { Logger } from '@banyan/kit/service';
import { RequestRefused } from '../errors.ts';
import type { LiveOperation } from './live-operation.ts';
import type { LiveMetrics } from './metrics.ts';
import { SubscriptionRefused } from './refused.ts';
import { SharedSubscription } from './shared-subscription.ts';
import type { Subscriber } from './subscriber.ts';

/** All subscriptions of this process. */
export interface Hub {
  /**
   * Follows an operation until the returned function is called or the subscriber is told of the end.
   * @throws SubscriptionRefused when the graph does not take it, RequestRefused 503 when there is no room.
   */
  join(operation: LiveOperation, subscriber: Subscriber): () => void;
  /** Goes on by the present version of the graph; what is no longer valid there is ended. */
  replan(): void;
}

export function createHub(options: {
  coalesceMs: number;
  maxUpstreams: number;
  metrics: LiveMetrics;
  log: Logger;
}): Hub {
  const { coalesceMs, maxUpstreams, metrics, log } = options;
  const shared = new Map<string, { operation: LiveOperation; subscription: SharedSubscription }>();

  function open(operation: LiveOperation): SharedSubscription {
    if (shared.size >= maxUpstreams) {
      const message = 'There are more different subscriptions than can be followed. Try again in a moment.';
      const extensions = { code: 'OVERLOADED', retryAfterSeconds: 1 };
      throw new RequestRefused(503, message, extensions, { 'retry-after': '1' });
    }
    const subscription = new SharedSubscription({
      plan: operation.plan(),
      coalesceMs,
      metrics,
      log,
      onEnd() {
        shared.delete(operation.key);
        metrics.upstreams.set(shared.size);
      },
    });
    shared.set(operation.key, { operation, subscription });
    metrics.upstreams.set(shared.size);
    return subscription;
  }

  return {
    join(operation, subscriber) {
      const subscription = shared.get(operation.key)?.subscription ?? open(operation);
      subscription.join(subscriber);
      return () => {
        subscription.leave(subscriber);
      };
    },
    replan() {
      for (const { operation, subscription } of shared.values()) {
        try {
          subscription.replan(operation.plan());
        } catch (error) {
          if (!(error instanceof SubscriptionRefused)) throw error;
          subscription.end({ kind: 'refused', errors: error.errors });
        }
      }
    },
  };
}
