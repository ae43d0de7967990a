import { badRequest } from '../errors.ts';
import { isDocumentId } from './document-id.ts';

const prefix = 'sha256:';

function checked(id: unknown, where: string): string {
  if (typeof id === 'string' && isDocumentId(id)) return id;
  throw badRequest(`${where} takes the SHA-256 of the document as 64 hexadecimal digits, in lower case.`);
}

/** Of automatic persisted queries, as Apollo's clients send them: `{ "version": 1, "sha256Hash": "…" }`. */
function ofPersistedQuery(persisted: unknown): string {
  const { version, sha256Hash } = (persisted ?? {}) as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1) throw badRequest('Unsupported persisted query version');
  return checked(sha256Hash, '"sha256Hash"');
}

/**
 * The id by which a request names its document: `documentId` of GraphQL over HTTP (appendix "Persisted Documents"), or
 * `extensions.persistedQuery` of Apollo's protocol; null where it has none.
 * @throws RequestRefused 400 when it is no such id.
 */
export function readDocumentId(fields: Readonly<Record<string, unknown>>): string | null {
  const { documentId, query } = fields;
  if (documentId !== undefined) {
    if (query !== undefined) throw badRequest('Send either "query" or "documentId".');
    const isPrefixed = typeof documentId === 'string' && documentId.startsWith(prefix);
    return checked(isPrefixed ? documentId.slice(prefix.length) : documentId, '"documentId"');
  }
  const extensions = fields['extensions'] as Readonly<Record<string, unknown>> | null | undefined;
  const persisted = extensions?.['persistedQuery'];
  return persisted === undefined ? null : ofPersistedQuery(persisted);
}
