import { createHash } from 'node:crypto';
import type { Operation } from './operations.ts';

/**
 * The operations that clients may ask for by their id, in Apollo's persisted query manifest format, version 1. The id is
 * the SHA-256 of the body, in hexadecimal, as automatic persisted queries and GraphQL over HTTP have it, too.
 */
export function printManifest(operations: readonly Operation[]): string {
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: operations.map(({ name, type, body }) => ({
      id: createHash('sha256').update(body).digest('hex'),
      name,
      type,
      body,
    })),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
