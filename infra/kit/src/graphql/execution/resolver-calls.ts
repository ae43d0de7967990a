import { defaultFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { Path } from './failures.ts';
import type { FieldPlan, PlanSource } from './plan.ts';

type Values = Record<string, unknown>;

export interface CallOptions {
  source: PlanSource;
  contextValue: unknown;
  /** As the operation's definition coerces them. */
  variableValues: Values;
}

/** The calls of one run to the resolvers of a schema, which bring the values that are not completed yet. */
export class ResolverCalls {
  readonly #source: PlanSource;
  readonly #contextValue: unknown;
  readonly #variableValues: Values;
  readonly #arguments = new Map<FieldPlan, Values>();

  constructor({ source, contextValue, variableValues }: CallOptions) {
    this.#source = source;
    this.#contextValue = contextValue;
    this.#variableValues = variableValues;
  }

  resolve(field: FieldPlan, source: unknown, path: Path): unknown {
    if (field.resolve !== null)
      return field.resolve(source, this.#argumentsOf(field), this.#contextValue, this.info(field, path));
    if (typeof source !== 'object' || source === null) return undefined;
    const property = (source as Values)[field.definition.name];
    if (typeof property !== 'function') return property;
    const info = this.info(field, path);
    // It calls the method.
    const called: unknown = defaultFieldResolver(source, this.#argumentsOf(field), this.#contextValue, info);
    return called;
  }

  info({ definition, nodes, parentType }: FieldPlan, path: Path): GraphQLResolveInfo {
    const { schema, fragments, operation } = this.#source;
    return {
      fieldName: definition.name,
      fieldNodes: nodes,
      returnType: definition.type,
      parentType,
      path,
      schema,
      fragments,
      rootValue: undefined,
      operation,
      variableValues: this.#variableValues,
    };
  }

  /** A new object each time: a resolver may do with it what it likes. */
  #argumentsOf(field: FieldPlan): Values {
    if (field.definition.args.length === 0) return {};
    if (field.fixedArguments !== null) return { ...field.fixedArguments };
    let values = this.#arguments.get(field);
    if (values === undefined) {
      const [node] = field.nodes;
      values = node === undefined ? {} : getArgumentValues(field.definition, node, this.#variableValues);
      this.#arguments.set(field, values);
    }
    return { ...values };
  }
}
