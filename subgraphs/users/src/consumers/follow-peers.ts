import {
  createConsumer,
  createPageFetcher,
  type Consumer,
  type ConsumerOptions,
  type EventHandler,
} from '@banyan/kit/events';
import { createSignedGet } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { campaignsHandlers } from './campaigns.ts';
import { circlesHandlers } from './circles.ts';
import { coursesHandlers } from './courses.ts';

const feeds: Readonly<Record<string, Readonly<Record<string, EventHandler<Database>>>>> = {
  campaigns: campaignsHandlers,
  courses: coursesHandlers,
  circles: circlesHandlers,
};

/** A consumer for each peer whose address is known. */
export function followPeers(options: {
  config: Pick<Config, 'PEER_URLS' | 'HOP_KEYS'>;
  db: Kysely<Database>;
  log: Logger;
  registry: NonNullable<ConsumerOptions<Database>['registry']>;
}): Consumer[] {
  const { config, db, log, registry } = options;
  return Object.entries(feeds).flatMap(([feed, handlers]) => {
    const url = config.PEER_URLS[feed];
    if (url === undefined) {
      log.warn({ feed }, 'no address of this peer: its events are not followed');
      return [];
    }
    const get = createSignedGet({ name: feed, url, key: config.HOP_KEYS[0] });
    const fetchPage = createPageFetcher(get, { types: Object.keys(handlers) });
    return [createConsumer({ db, feed, fetchPage, handlers, log, registry })];
  });
}
