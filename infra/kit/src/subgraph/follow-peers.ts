import { createConsumer, type Consumer, type EventHandler } from '../events/consumer.ts';
import { createPageFetcher } from '../events/fetch-page.ts';
import type { EventTables } from '../events/tables.ts';
import { createSignedGet } from '../hop/client.ts';
import type { SubgraphParts } from './open-parts.ts';
import type { SubgraphConfig } from './settings.ts';

/** What a subgraph does with the events of its peers: by peer, then by type of event. */
export type PeerHandlers<Tables> = Readonly<Record<string, Readonly<Record<string, EventHandler<Tables>>>>>;

/** A consumer for each peer whose address is known; of the others, what is known of them stays as it is. */
export function followPeers<Tables extends EventTables>(
  config: Pick<SubgraphConfig, 'PEER_URLS' | 'HOP_KEYS'>,
  { log, registry, database }: SubgraphParts<Tables>,
  peers: PeerHandlers<Tables>,
): Consumer[] {
  return Object.entries(peers).flatMap(([feed, handlers]) => {
    const url = config.PEER_URLS[feed];
    if (url === undefined) {
      log.warn({ feed }, 'no address of this peer: its events are not followed');
      return [];
    }
    const get = createSignedGet({ name: feed, url, key: config.HOP_KEYS[0] });
    const fetchPage = createPageFetcher(get, { types: Object.keys(handlers) });
    return [createConsumer({ db: database.db, feed, fetchPage, handlers, log, registry })];
  });
}
