import { isAnonymous, type Caller } from '@banyan/kit/hop';
import { RequestRefused } from '../errors.ts';
import type { LiveSettings } from './settings.ts';

/** Counts the connections that wait for news. */
export interface Connections {
  /**
   * Counts a connection until the returned function is called; once more does no harm.
   * @throws RequestRefused 503 when there are too many, 429 when this caller has too many.
   */
  enter(caller: Caller, address: string): () => void;
}

function refuse(status: number, message: string, code: string): RequestRefused {
  return new RequestRefused(status, message, { code, retryAfterSeconds: 5 }, { 'retry-after': '5' });
}

/** The refusal of one subscription more on a WebSocket that has as many as it may. */
export function limitOfConnection(max: number): RequestRefused {
  const message = `There are ${max} subscriptions on this connection, which is the limit.`;
  return new RequestRefused(429, message, {
    code: 'LIMIT_EXCEEDED',
    limit: 'maxSubscriptionsPerConnection',
    max,
  });
}

/** Whom connections and subscriptions are counted by: an app or a person wherever they are, a stranger by the address. */
export function payerOf(caller: Caller, address: string): string {
  if (isAnonymous(caller)) return `address ${address}`;
  return `caller ${caller.subject ?? ''} ${caller.app?.id ?? ''}`;
}

export function createConnections(
  limits: Pick<
    LiveSettings,
    'LIVE_MAX_CONNECTIONS' | 'LIVE_MAX_CONNECTIONS_PER_CALLER' | 'LIVE_MAX_CONNECTIONS_PER_ADDRESS'
  >,
): Connections {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    enter(caller, address) {
      const isStranger = isAnonymous(caller);
      const key = payerOf(caller, address);
      const max = isStranger
        ? limits.LIVE_MAX_CONNECTIONS_PER_ADDRESS
        : limits.LIVE_MAX_CONNECTIONS_PER_CALLER;
      const count = counts.get(key) ?? 0;
      if (all >= limits.LIVE_MAX_CONNECTIONS)
        throw refuse(503, 'There is no room for another live connection.', 'OVERLOADED');
      if (count >= max)
        throw refuse(429, `There are ${max} live connections of this caller.`, 'RATE_LIMITED');
      all += 1;
      counts.set(key, count + 1);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        all -= 1;
        const left = (counts.get(key) ?? 1) - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
  };
}
