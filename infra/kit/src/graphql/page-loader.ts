import DataLoader from 'dataloader';
import type { Page, ParentPageRequest } from '../database/keyset-page.ts';

/** Pages that one batch may hold. */
const maxBatchPages = 1_000;

/**
 * A DataLoader over pages of lists that hang on parents, for `keysetPagePerParent`: all parents that ask in the same turn
 * share one call of `find`, which gives the pages in the order of the requests. A list with a filter adds it to `Request`.
 */
export function createPageLoader<Node, Request extends ParentPageRequest = ParentPageRequest>(
  find: (requests: readonly Request[]) => Promise<readonly Page<Node>[]>,
): DataLoader<Request, Page<Node>, string> {
  return new DataLoader<Request, Page<Node>, string>((requests) => find(requests), {
    maxBatchSize: maxBatchPages,
    cacheKeyFn: (request) => JSON.stringify(Object.entries(request).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  });
}
