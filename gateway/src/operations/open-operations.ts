import type { RedisConnection } from '@banyan/kit/cache';
import type { Logger } from '@banyan/kit/service';
import type { Registry } from 'prom-client';
import type { KnownOperation } from '../engine/warming.ts';
import { createAutomaticDocuments } from './automatic-documents.ts';
import { createFindDocument, type FindDocument, type OperationsMode } from './find-document.ts';
import { readManifest, toKnownOperations } from './manifest.ts';

export interface OperationsSettings {
  readonly PERSISTED_OPERATIONS: OperationsMode;
  readonly OPERATIONS_MANIFEST: string;
  readonly APQ: boolean;
  readonly APQ_MAX_BYTES: number;
}

/** What the gateway knows of the operations that it is asked for. */
export interface Operations {
  /** Those that are worth a plan before anybody asks. */
  readonly known: readonly KnownOperation[];
  readonly findDocument: FindDocument;
}

/**
 * Reads the manifest and begins to remember documents, as far as the settings want it.
 * @throws ConfigError when the manifest cannot be read.
 */
export async function openOperations(
  settings: OperationsSettings,
  { redis, registry, log }: { redis: RedisConnection; registry: Registry; log: Logger },
): Promise<Operations> {
  const mode = settings.PERSISTED_OPERATIONS;
  const manifest = mode === 'off' ? [] : await readManifest(settings.OPERATIONS_MANIFEST);
  const automatic = settings.APQ
    ? createAutomaticDocuments({ maxBytes: settings.APQ_MAX_BYTES, redis })
    : null;
  return {
    known: mode === 'log' ? [] : toKnownOperations(manifest),
    findDocument: createFindDocument({ mode, manifest, automatic, registry, log }),
  };
}
