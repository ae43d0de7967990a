import {
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph as Composed,
  type Schema,
} from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { isInterfaceType, isObjectType, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { readCopyRules, type CopyRules } from './copy-rules.ts';
import { CompiledOperation } from './operation.ts';
import { createTypeRelations, type TypeRelations } from './type-relations.ts';

/** Operations that are kept planned and compiled, and the characters of their documents together. */
const maxOperations = 2_000;
const maxDocumentCharacters = 4_000_000;

/**
 * What the engine carries out. `@authenticated`, `@requiresScopes` and `@policy` are not among it, so that a supergraph
 * that relies on them is refused: subgraphs authorize.
 */
const supportedFeatures = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/context/v0.1',
  'https://specs.apollo.dev/cost/v0.1',
]);

/** An operation as it stands in a client's request. */
export interface ClientOperation {
  /** Changes with the document's text. */
  documentKey: string;
  document: DocumentNode;
  /** Length of the document's text, in characters. */
  characters: number;
  operationName: string | null;
}

function fieldNamesOf(schema: GraphQLSchema): Set<string> {
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__')
      ? Object.keys(type.getFields())
      : [],
  );
  return new Set(names);
}

interface Kept {
  operation: ClientOperation;
  compiled: CompiledOperation;
  uses: number;
}

/** One version of the graph, with the plans of its operations. */
export class Supergraph {
  readonly sdl: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly apiSchema: Schema;
  readonly planner: QueryPlanner;
  /** Of all types, also those that clients do not see. */
  readonly relations: TypeRelations;
  readonly subgraphs: readonly string[];
  readonly copyRules: CopyRules;
  /** Of all types, also those that clients do not see. */
  readonly fieldNames: ReadonlySet<string>;
  readonly #kept = new LRUCache<string, Kept>({
    max: maxOperations,
    maxSize: maxDocumentCharacters,
    sizeCalculation: ({ operation }) => Math.max(1, operation.characters),
  });

  /** @throws GraphQLError when the text is no supergraph, or one that relies on what is not supported. */
  constructor(sdl: string) {
    const composed = Composed.build(sdl, { supportedFeatures, validateSupergraph: false });
    this.sdl = sdl;
    this.subgraphs = composed.subgraphsMetadata().map(({ name }) => name);
    this.apiSchema = composed.apiSchema();
    this.schema = this.apiSchema.toGraphQLJSSchema();
    const whole = composed.schema.toGraphQLJSSchema();
    this.relations = createTypeRelations(whole);
    this.copyRules = readCopyRules(composed, whole);
    this.fieldNames = fieldNamesOf(whole);
    this.planner = new QueryPlanner(composed);
  }

  /**
   * The compiled form of a valid operation.
   * @throws GraphQLError when it cannot be planned.
   */
  compiled(operation: ClientOperation): CompiledOperation {
    const key = `${operation.documentKey} ${operation.operationName ?? ''}`;
    let kept = this.#kept.get(key);
    if (kept === undefined) {
      const { document, operationName } = operation;
      kept = { operation, compiled: new CompiledOperation(this, document, operationName), uses: 0 };
      this.#kept.set(key, kept);
    }
    kept.uses += 1;
    return kept.compiled;
  }

  /** The operations that were asked for most, the most used first. */
  mostUsed(max: number): ClientOperation[] {
    return [...this.#kept.values()]
      .toSorted((a, b) => b.uses - a.uses)
      .slice(0, max)
      .map(({ operation }) => operation);
  }
}
