import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import {
  Kind,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { LRUCache } from 'lru-cache';
import { ClientPaths } from './client-paths.ts';
import { conditionVariables, isIncluded } from './conditions.ts';
import { ownValue } from './json.ts';
import { decideConditions, needsPlanPerOutcome } from './outcome-document.ts';
import { planDocument, type PlannedDocument } from './planned-document.ts';
import { ObjectShape } from './shape.ts';
import { compileSteps, type Steps } from './steps.ts';
import type { Supergraph } from './supergraph.ts';

/** What an operation is for one outcome of its conditions. */
export interface Variant extends Steps {
  shape: ObjectShape;
}

/** Variants of any number of operations, of which the least used are forgotten. */
export type Variants = LRUCache<string, Variant>;

let operationCount = 0;

export interface VariantsSource {
  supergraph: Supergraph;
  /** What the client sees of the graph. */
  schema: GraphQLSchema;
  root: GraphQLObjectType;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  /** Labels of progressive overrides that are on. */
  overrides: readonly string[];
}

/** The operation that `definition` was before it was written for the planner, with all fragments. */
function ownPart(
  planned: DocumentNode,
  definition: OperationDefinitionNode,
): { operation: OperationDefinitionNode; fragments: FragmentDefinitionNode[] } {
  const isOwn = (each: DefinitionNode): each is OperationDefinitionNode =>
    each.kind === Kind.OPERATION_DEFINITION && each.name?.value === definition.name?.value;
  const operation = planned.definitions.find(isOwn) ?? definition;
  const fragments = planned.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return { operation, fragments };
}

/** What an operation is for each outcome of its conditions: planned once, or for each, and compiled for each. */
export class OperationVariants {
  /** Of errors. */
  readonly clientPaths: ClientPaths;
  readonly #source: VariantsSource;
  /** The selections and fragments as they are planned; see planDocument. */
  readonly #selectionSet: SelectionSetNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #planned: PlannedDocument;
  /** Null for an operation that is planned for each outcome of its conditions. */
  readonly #plan: QueryPlan | null;
  readonly #conditions: readonly string[];
  readonly #kept: Variants;
  /** Stands before the keys under which its variants are kept. */
  readonly #number: number;

  /** @throws GraphQLError when the operation cannot be planned. */
  constructor(source: VariantsSource, kept: Variants) {
    const { supergraph, document, definition } = source;
    this.#source = source;
    this.#kept = kept;
    this.#number = operationCount += 1;
    this.#planned = planDocument(document, supergraph.planNames);
    const own = ownPart(this.#planned.document, definition);
    this.#selectionSet = own.operation.selectionSet;
    this.#fragments = new Map(own.fragments.map((each) => [each.name.value, each]));
    this.#conditions = [...conditionVariables(document)];
    this.#plan = needsPlanPerOutcome(document, supergraph.requiringFields)
      ? null
      : this.#planFor(this.#planned.document);
    this.clientPaths = new ClientPaths(this.#planned.clientName);
    this.clientPaths.add(this.#selectionSet, this.#fragments);
  }

  /** The variant for the variables of one request. */
  of(given: Readonly<Record<string, unknown>>): Variant {
    let key = `${this.#number} `;
    const isTrue = (name: string) => ownValue(given, name) ?? this.#defaultOf(name);
    for (const name of this.#conditions) key += isTrue(name) === true ? '1' : '0';
    let variant = this.#kept.get(key);
    if (variant === undefined) {
      variant = this.#compile((name) => isTrue(name) === true);
      this.#kept.set(key, variant);
    }
    return variant;
  }

  #defaultOf(name: string): unknown {
    const definition = this.#source.definition.variableDefinitions?.find(
      (each) => each.variable.name.value === name,
    );
    return definition?.defaultValue?.kind === Kind.BOOLEAN ? definition.defaultValue.value : undefined;
  }

  #compile(isTrue: (variable: string) => boolean): Variant {
    const { supergraph, schema, root } = this.#source;
    const isAsked = (selection: SelectionNode) => isIncluded(selection, isTrue);
    const { clientName, hiddenName } = this.#planned;
    const plan = this.#plan ?? this.#planFor(decideConditions(this.#planned.document, isTrue));
    const source = { schema, fragments: this.#fragments, clientName, hiddenName, isIncluded: isAsked };
    return {
      ...compileSteps(plan, supergraph, isTrue),
      shape: new ObjectShape(source, root, [this.#selectionSet]),
    };
  }

  #planFor(planned: DocumentNode): QueryPlan {
    const { supergraph, definition, overrides } = this.#source;
    const { operation, fragments } = ownPart(planned, definition);
    const document = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] } as const;
    return supergraph.planner.buildQueryPlan(
      operationFromDocument(supergraph.apiSchema, document, { validate: false }),
      { overrideConditions: new Map(overrides.map((label) => [label, true])) },
    );
  }
}
