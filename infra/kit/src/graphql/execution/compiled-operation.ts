import {
  execute,
  getOperationAST,
  GraphQLError,
  Kind,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { LRUCache } from 'lru-cache';
import { planRoot, type FieldPlan, type PlanSource } from './plan.ts';
import { Run } from './run.ts';

/** Outcomes of `@skip` and `@include` that are kept for one operation. */
const maxVariants = 32;

/** What an operation is for one outcome of its conditions. */
interface Variant {
  source: PlanSource;
  root: readonly FieldPlan[];
}

/** Names of the variables that decide over `@skip` and `@include`. */
function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/**
 * A valid operation on a schema of this process. What graphql-js works out for every object anew (which fields are asked of its
 * type, who resolves them, with which arguments) is worked out once and kept.
 */
class CompiledOperation {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #rootType: GraphQLObjectType;
  readonly #fragments: Record<string, FragmentDefinitionNode> = {};
  readonly #conditions: readonly string[];
  readonly #variants = new LRUCache<string, Variant>({ max: maxVariants });

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    rootType: GraphQLObjectType,
  ) {
    this.#schema = schema;
    this.#operation = operation;
    this.#rootType = rootType;
    for (const each of document.definitions)
      if (each.kind === Kind.FRAGMENT_DEFINITION) this.#fragments[each.name.value] = each;
    this.#conditions = conditionsOf(document);
  }

  run(contextValue: unknown, given: Readonly<Record<string, unknown>>): Promise<ExecutionResult> {
    const definitions = this.#operation.variableDefinitions ?? [];
    const { errors, coerced: variableValues = {} } = getVariableValues(this.#schema, definitions, given, {
      maxErrors: 50,
    });
    if (errors !== undefined) return Promise.resolve({ errors });
    let variant: Variant;
    try {
      variant = this.#variantFor(variableValues);
    } catch (error) {
      // A condition that is null: "Argument "if" … must not be null".
      if (!(error instanceof GraphQLError)) throw error;
      return Promise.resolve({ errors: [error], data: null });
    }
    const { source, root } = variant;
    return new Run({ source, contextValue, variableValues }).execute(root);
  }

  #variantFor(variables: Readonly<Record<string, unknown>>): Variant {
    const key = this.#conditions.map((name) => String(variables[name])).join();
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      const source = {
        schema: this.#schema,
        operation: this.#operation,
        fragments: this.#fragments,
        conditions: Object.fromEntries(this.#conditions.map((name) => [name, variables[name]])),
      };
      variant = { source, root: planRoot(source, this.#rootType) };
      this.#variants.set(key, variant);
    }
    return variant;
  }
}

/** Runs an operation with a context and variables as they came. */
export type RunOperation = (
  contextValue: unknown,
  variables: Readonly<Record<string, unknown>>,
) => Promise<ExecutionResult>;

/** Compiles an operation of a valid document. What is no operation that can be run is left for graphql-js to explain. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): RunOperation {
  const operation = getOperationAST(document, operationName);
  const rootType = operation == null ? undefined : schema.getRootType(operation.operation);
  if (operation == null || rootType == null || operation.operation === 'subscription') {
    return async (contextValue, variableValues) =>
      execute({ schema, document, operationName, contextValue, variableValues });
  }
  const compiled = new CompiledOperation(schema, document, operation, rootType);
  return (contextValue, variables) => compiled.run(contextValue, variables);
}
