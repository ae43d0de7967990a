import type { RedisConnection } from '@banyan/kit/cache';
import { LRUCache } from 'lru-cache';
import { documentIdOf } from './document-id.ts';

/** A longer document is executed, and sent in full by its clients every time. */
const maxDocumentCharacters = 16_000;
/** How long Redis keeps what nobody asks for. */
const sharedSeconds = 24 * 60 * 60;

/** Documents that clients have sent once, to ask for them by their id from then on. */
export interface AutomaticDocuments {
  /** The text of a document; undefined where it is not known, or not any more. */
  find(id: string): string | Promise<string | undefined>;
  /** Remembers a document that is within the limits. The id must be its own. */
  remember(id: string, text: string): void;
}

export interface AutomaticDocumentsOptions {
  readonly maxBytes: number;
  /** Where the gateways share what they remember. */
  readonly redis: RedisConnection;
}

/**
 * Remembers documents in a bounded memory, the least used leave first. Several gateways share them by Redis, so that a
 * client which comes to another one is not asked to send its document again.
 */
export function createAutomaticDocuments({ maxBytes, redis }: AutomaticDocumentsOptions): AutomaticDocuments {
  const own = new LRUCache<string, string>({
    maxSize: maxBytes,
    // Two bytes a character at the most, and what the entry itself takes.
    sizeCalculation: (text) => text.length * 2 + 200,
  });
  const keyOf = (id: string) => `edge:document:${id}`;

  async function findShared(id: string): Promise<string | undefined> {
    const text = await redis.get(keyOf(id));
    // Redis is not trusted: whoever can write there shall not choose what a client executes.
    if (text === null || documentIdOf(text) !== id) return undefined;
    own.set(id, text);
    return text;
  }

  return {
    find: (id) => own.get(id) ?? findShared(id),
    remember(id, text) {
      if (text.length > maxDocumentCharacters || own.has(id)) return;
      own.set(id, text);
      void redis.set(keyOf(id), text, sharedSeconds);
    },
  };
}
