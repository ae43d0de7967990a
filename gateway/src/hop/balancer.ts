import type { Endpoint, EndpointState } from './endpoint.ts';

/**
 * The process that gets the next hop; undefined when none is left that may get one. What others have `tried` has waited for room
 * once already: it may get a process that is full, and leaves when a hop there is over.
 */
export type PickEndpoint = (tried: ReadonlySet<Endpoint>) => Endpoint | undefined;

/** A trial comes first: it is one hop, and without it the process would never serve again beside others that do. */
const ranks: Readonly<Record<EndpointState, number>> = { trial: 0, serving: 1, closing: 2, failing: 3 };

function isBetter(one: Endpoint, other: Endpoint): boolean {
  if (one.state !== other.state) return ranks[one.state] < ranks[other.state];
  return one.underWay < other.underWay;
}

/**
 * Spreads hops over the processes of a pool: to the one with the fewest operations under way, so that one that hangs soon
 * gets no more, and in turn where several have as few.
 */
export function createBalancer(endpoints: readonly Endpoint[]): PickEndpoint {
  let turn = 0;
  return (tried) => {
    turn += 1;
    let best: Endpoint | undefined;
    for (let place = 0; place < endpoints.length; place += 1) {
      const endpoint = endpoints[(turn + place) % endpoints.length];
      if (endpoint === undefined || endpoint.state === 'failing' || tried.has(endpoint)) continue;
      if (endpoint.isFull && (tried.size === 0 || endpoint.state === 'trial')) continue;
      if (best === undefined || isBetter(endpoint, best)) best = endpoint;
    }
    return best;
  };
}
