import { createHash } from 'node:crypto';
import { GraphQLError, Kind, parse, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Refuse } from './refused.ts';

/** Documents that are kept parsed, and their characters together. */
const maxDocuments = 1_000;
const maxDocumentCharacters = 2_000_000;

/** A document of a client. */
export interface LiveDocument {
  document: DocumentNode;
  /** The same for documents that differ in white space alone. */
  hash: string;
  validOn: WeakSet<GraphQLSchema>;
}

function read(query: string): LiveDocument {
  const document = parse(query, { noLocation: true });
  const hash = createHash('sha256').update(print(document)).digest('hex');
  return { document, hash, validOn: new WeakSet() };
}

/** The variables that the operations of a document declare, in one order: others make no difference. */
export function declaredVariables(
  document: DocumentNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
      : [],
  );
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name]]),
  );
}

/**
 * The documents of subscriptions, each parsed once.
 * @throws SubscriptionRefused from the returned function when the text is none.
 */
export function createLiveDocuments(refuse: Refuse): (query: string) => LiveDocument {
  const documents = new LRUCache<string, LiveDocument>({
    max: maxDocuments,
    maxSize: maxDocumentCharacters,
    sizeCalculation: (_document, query) => query.length + 1,
  });
  return (query) => {
    let known = documents.get(query);
    if (known === undefined) {
      try {
        known = read(query);
      } catch (error) {
        throw error instanceof GraphQLError ? refuse(error, 'GRAPHQL_PARSE_FAILED') : error;
      }
      documents.set(query, known);
    }
    return known;
  };
}
