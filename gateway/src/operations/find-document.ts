import type { Contract } from '@banyan/kit/contracts';
import type { Logger } from '@banyan/kit/service';
import { LRUCache } from 'lru-cache';
import { Counter, type Registry } from 'prom-client';
import type { AutomaticDocuments } from './automatic-documents.ts';
import { documentIdOf } from './document-id.ts';
import type { ManifestOperation } from './manifest.ts';
import { documentNotFound, documentsNotSupported, operationRequired, wrongDocumentId } from './refusals.ts';
import { createUnknownLog } from './unknown-operations.ts';

/** Texts whose ids are remembered, and their characters together. */
const maxIds = 2_000;
const maxIdCharacters = 4_000_000;

/** What is done with operations that are in no manifest; see docs/operations.md. */
export type OperationsMode = 'off' | 'log' | 'prefer' | 'enforce';

/** How a request names its document: by the text, by the id, or by both, for it to be remembered. */
export interface DocumentRequest {
  readonly query: string | null;
  readonly documentId: string | null;
}

/** The document of a request. */
export interface FoundDocument {
  readonly query: string;
  /** Whether the manifest has it. */
  readonly isKnown: boolean;
  /**
   * Tells the log of an operation that no manifest has; to be called when it is within the limits and charged, so that
   * nobody fills the log with what is refused. Null: there is nothing to tell.
   */
  readonly tellUnknown: ((operationName: string | null) => void) | null;
  /**
   * Remembers it for those who ask by its id; to be called when it was answered with data, and so is valid: else whoever
   * likes could push out with rubbish what others ask for. Null: nobody asked for that.
   */
  readonly remember: (() => void) | null;
}

export interface OperationsOptions {
  readonly mode: OperationsMode;
  readonly manifest: readonly ManifestOperation[];
  /** Null: automatic persisted queries are off. */
  readonly automatic: AutomaticDocuments | null;
  readonly registry: Registry;
  readonly log: Logger;
}

/**
 * Finds the document of a request.
 * @throws RequestRefused when its id is unknown or wrong, or when only known operations are served to this contract.
 */
export type FindDocument = (
  request: DocumentRequest,
  contract: Contract,
) => FoundDocument | Promise<FoundDocument>;

/** Whether what is in no manifest is refused: to the public; staff explore, and partners write operations of their own. */
function isEnforced(mode: OperationsMode, contract: Contract): boolean {
  return mode === 'enforce' && contract === 'public';
}

function createCounter(registry: Registry) {
  return new Counter({
    name: 'banyan_edge_documents_total',
    help: 'Requests by where their document came from: known (of the manifest), automatic (remembered), unknown (sent in full), missing (an id that is not remembered), refused (only known ones are served).',
    labelNames: ['outcome'],
    registers: [registry],
  });
}

export function createFindDocument(options: OperationsOptions): FindDocument {
  const { mode, automatic } = options;
  const documents = createCounter(options.registry);
  const manifest = mode === 'off' ? [] : options.manifest;
  const byId = new Map<string, FoundDocument>();
  const byText = new Map<string, FoundDocument>();
  for (const { id, body } of manifest) {
    const known = { query: body, isKnown: true, tellUnknown: null, remember: null };
    byId.set(id, known);
    byText.set(body, known);
  }
  const logUnknown = createUnknownLog(options.log);

  function refuse(): never {
    documents.inc({ outcome: 'refused' });
    throw operationRequired();
  }

  // The same text comes again and again, and its hash costs more than all else that is done here.
  const ids = new LRUCache<string, string>({
    max: maxIds,
    maxSize: maxIdCharacters,
    sizeCalculation: (_id, text) => text.length + 1,
  });
  function idOf(query: string): string {
    let id = ids.get(query);
    if (id === undefined) {
      id = documentIdOf(query);
      ids.set(query, id);
    }
    return id;
  }

  function findUnknown(query: string, id: string | null, contract: Contract): FoundDocument {
    if (isEnforced(mode, contract)) refuse();
    if (id !== null && id !== idOf(query)) throw wrongDocumentId();
    documents.inc({ outcome: 'unknown' });
    const tellUnknown =
      mode === 'off'
        ? null
        : (operationName: string | null) => {
            logUnknown(idOf(query), operationName, contract);
          };
    const remember =
      id === null || automatic === null
        ? null
        : () => {
            automatic.remember(id, query);
          };
    return { query, isKnown: false, tellUnknown, remember };
  }

  async function findAutomatic(id: string, contract: Contract): Promise<FoundDocument> {
    if (isEnforced(mode, contract)) refuse();
    if (automatic === null) throw mode === 'off' ? documentsNotSupported() : documentNotFound();
    const query = await automatic.find(id);
    documents.inc({ outcome: query === undefined ? 'missing' : 'automatic' });
    if (query === undefined) throw documentNotFound();
    return { query, isKnown: false, tellUnknown: null, remember: null };
  }

  return ({ query, documentId }, contract) => {
    const known = query === null ? byId.get(documentId ?? '') : byText.get(query);
    // A text with the id of another is not known by it.
    if (known !== undefined && (documentId === null || byId.get(documentId) === known)) {
      documents.inc({ outcome: 'known' });
      return known;
    }
    return query === null
      ? findAutomatic(documentId ?? '', contract)
      : findUnknown(query, documentId, contract);
  };
}
