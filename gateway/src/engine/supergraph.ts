import {
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph as Composed,
  type Schema,
} from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { isInterfaceType, isObjectType, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { readCopyRules, type CopyRules } from './copy-rules.ts';
import { readEntityKeys, type EntityKeys } from './entity-keys.ts';
import { CompiledOperation } from './operation.ts';
import type { Variants } from './operation-variants.ts';
import { OverrideLabels } from './override-labels.ts';
import { findRequiringFields } from './outcome-document.ts';
import { findRequiredWithArguments, type PlanNames } from './planned-document.ts';
import { createTypeRelations, type TypeRelations } from './type-relations.ts';

/**
 * Operations that are kept compiled, the characters of their documents together, and what they are for outcomes of their
 * conditions, a plan each: 0.15 MB for a screen of 500 characters, so that all of them take some 200 MB at the most.
 */
const maxOperations = 1_000;
const maxDocumentCharacters = 1_000_000;
const maxVariants = 1_500;
/** Of an operation that is known in advance. */
const maxKnownVariants = 64;

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
  /** Name of the part of the graph that the client sees; null for the whole. */
  view: string | null;
  /** Changes with the document's text. */
  documentKey: string;
  document: DocumentNode;
  /** Length of the document's text, in characters. */
  characters: number;
  operationName: string | null;
  /** Labels of progressive overrides that are on for the request. */
  overrides?: readonly string[];
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

function keyOf({ view, documentKey, operationName, overrides = [] }: ClientOperation): string {
  const key = `${documentKey} ${view ?? ''} ${operationName ?? ''}`;
  return overrides.length === 0 ? key : `${key} ${overrides.join(' ')}`;
}

/** One version of the graph, with the plans of its operations. */
export class Supergraph {
  readonly sdl: string;
  /** All that clients may see. */
  readonly schema: GraphQLSchema;
  readonly #views: ReadonlyMap<string, GraphQLSchema>;
  readonly apiSchema: Schema;
  readonly planner: QueryPlanner;
  /** Of all types, also those that clients do not see. */
  readonly relations: TypeRelations;
  readonly subgraphs: readonly string[];
  readonly copyRules: CopyRules;
  readonly entityKeys: EntityKeys;
  readonly planNames: PlanNames;
  /** Names of fields that need fields of other subgraphs. */
  readonly requiringFields: ReadonlySet<string>;
  readonly overrideLabels: OverrideLabels;
  /** Operations that are known in advance; no other takes their place. */
  readonly #known = new Map<string, Kept>();
  readonly #kept = new LRUCache<string, Kept>({
    max: maxOperations,
    maxSize: maxDocumentCharacters,
    sizeCalculation: ({ operation }) => Math.max(1, operation.characters),
  });

  readonly #variants: Variants = new LRUCache({ max: maxVariants });

  /** @throws GraphQLError when the text is no supergraph, or one that relies on what is not supported. */
  constructor(sdl: string, views: ReadonlyMap<string, GraphQLSchema> = new Map()) {
    const composed = Composed.build(sdl, { supportedFeatures, validateSupergraph: false });
    this.sdl = sdl;
    this.subgraphs = composed.subgraphsMetadata().map(({ name }) => name);
    this.apiSchema = composed.apiSchema();
    this.schema = this.apiSchema.toGraphQLJSSchema();
    const whole = composed.schema.toGraphQLJSSchema();
    this.relations = createTypeRelations(whole);
    this.copyRules = readCopyRules(composed, whole);
    this.entityKeys = readEntityKeys(composed);
    this.planNames = {
      fieldNames: fieldNamesOf(whole),
      requiredWithArguments: findRequiredWithArguments(sdl),
    };
    this.requiringFields = findRequiringFields(sdl);
    this.overrideLabels = new OverrideLabels(sdl);
    this.planner = new QueryPlanner(composed);
    this.#views = views;
  }

  /** Names of what there is to see of the graph; null is the whole. */
  get views(): (string | null)[] {
    return [null, ...this.#views.keys()];
  }

  /** What clients of a part of the graph see of it; all that clients may see where it is null. */
  schemaOf(view: string | null): GraphQLSchema {
    const schema = view === null ? this.schema : this.#views.get(view);
    if (schema === undefined) throw new Error(`The graph has no part called "${String(view)}".`);
    return schema;
  }

  /**
   * The compiled form of a valid operation.
   * @throws GraphQLError when it cannot be planned.
   */
  compiled(operation: ClientOperation): CompiledOperation {
    const key = keyOf(operation);
    let kept = this.#known.get(key) ?? this.#kept.get(key);
    if (kept === undefined) {
      kept = this.#compile(operation, this.#variants);
      this.#kept.set(key, kept);
    }
    kept.uses += 1;
    return kept.compiled;
  }

  /**
   * Compiles an operation that is known in advance, and keeps it.
   * @throws GraphQLError when it cannot be planned.
   */
  know(operation: ClientOperation): void {
    this.#known.set(keyOf(operation), this.#compile(operation, new LRUCache({ max: maxKnownVariants })));
  }

  #compile(operation: ClientOperation, variants: Variants): Kept {
    return { operation, compiled: new CompiledOperation(this, operation, variants), uses: 0 };
  }

  /** The operations that were asked for most, the most used first. */
  mostUsed(max: number): ClientOperation[] {
    return [...this.#kept.values()]
      .toSorted((a, b) => b.uses - a.uses)
      .slice(0, max)
      .map(({ operation }) => operation);
  }
}
