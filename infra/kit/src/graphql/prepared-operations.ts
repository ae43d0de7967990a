import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { getOperationAST, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GraphqlOperation } from './graphql-server.ts';

/**
 * Documents that are kept, and their characters together: a parsed document holds 80 bytes a character where it is a screen, and
 * three times that where it is nothing but short names.
 */
const maxDocuments = 2_000;
const maxCharacters = 400_000;

/** A document that is valid for a schema. */
interface ValidDocument {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly source: string;
  readonly queryHash: string;
}

/** One of its operations. */
interface Prepared extends ValidDocument {
  readonly operationName: string | null;
}

/** What Apollo Server has parsed and validated for the schema that it serves now. */
export class PreparedOperations {
  readonly #kept = new LRUCache<string, ValidDocument>({
    max: maxDocuments,
    maxSize: maxCharacters,
    sizeCalculation: ({ source }) => source.length,
  });
  #schema: GraphQLSchema | undefined;

  /** Tells of schemas and of documents that have passed. */
  readonly plugin: ApolloServerPlugin<BaseContext> = {
    serverWillStart: () =>
      Promise.resolve({
        schemaDidLoadOrUpdate: ({ apiSchema }) => {
          this.#schema = apiSchema;
          this.#kept.clear();
        },
      }),
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ schema, document, source, queryHash }) => {
          // What began on the schema before may pass its check after the change.
          if (schema === this.#schema) this.#kept.set(source, { schema, document, source, queryHash });
          return Promise.resolve();
        },
      }),
  };

  /** Undefined for a document that is not known, or that holds no operation of that name. */
  find({ query, operationName }: GraphqlOperation): Prepared | undefined {
    const valid = this.#kept.get(query);
    const operation = valid && getOperationAST(valid.document, operationName);
    if (valid === undefined || operation == null) return undefined;
    return { ...valid, operationName: operation.name?.value ?? null };
  }
}
