import { readFile } from 'node:fs/promises';
import { ConfigError } from '@banyan/kit/service';
import { parse } from 'graphql';
import { z } from 'zod';
import { documentIdOf } from './document-id.ts';

/** Apollo's persisted query manifest, version 1, which their clients' tools write, too. */
const manifestShape = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z
      .object({ id: z.string(), name: z.string(), type: z.string(), body: z.string() })
      .refine(({ id, body }) => id === documentIdOf(body), 'The id is not the SHA-256 of the body.'),
  ),
});

/** An operation that is known before anybody asks for it. */
export interface ManifestOperation {
  readonly id: string;
  readonly name: string;
  readonly body: string;
}

/** Operations in the form in which the engine plans them in advance. */
export function toKnownOperations(operations: readonly ManifestOperation[]) {
  return operations.map(({ id, name, body }) => ({
    documentKey: id,
    document: parse(body, { noLocation: true }),
    characters: body.length,
    operationName: name,
  }));
}

/**
 * The operations of a manifest.
 * @throws ConfigError when it cannot be read, or is no manifest.
 */
export async function readManifest(path: string): Promise<ManifestOperation[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`OPERATIONS_MANIFEST: ${path} cannot be read; "npm run schema" writes it.`, {
      cause: error,
    });
  }
  try {
    return manifestShape.parse(JSON.parse(text)).operations;
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ConfigError(`OPERATIONS_MANIFEST: ${path} is no manifest of operations: ${problem}`, {
      cause: error,
    });
  }
}
