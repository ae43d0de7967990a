import {
  defaultFieldResolver,
  defaultTypeResolver,
  GraphQLError,
  isObjectType,
  locatedError,
  responsePathAsArray,
  type ExecutionResult,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { FieldPlan, PlanSource, SelectionPlan, ValuePlan } from './plan.ts';

type Path = GraphQLResolveInfo['path'];
type Values = Record<string, unknown>;

function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

export interface RunOptions {
  source: PlanSource;
  contextValue: unknown;
  /** As the operation's definition coerces them. */
  variableValues: Values;
}

/**
 * One run of a planned operation, by the rules of the specification's chapter on execution: an error makes its field null, a null
 * that may not be rises to the next field that may be null, resolvers of a query run side by side and those of a
 * mutation's root one after the other.
 */
export class Run {
  readonly #source: PlanSource;
  readonly #contextValue: unknown;
  readonly #variableValues: Values;
  readonly #arguments = new Map<FieldPlan, Values>();
  readonly #errors: GraphQLError[] = [];
  /** Places that an error has made null; what happens below them later is nobody's concern. */
  readonly #nulled = new Set<Path | undefined>();

  constructor({ source, contextValue, variableValues }: RunOptions) {
    this.#source = source;
    this.#contextValue = contextValue;
    this.#variableValues = variableValues;
  }

  async execute(root: readonly FieldPlan[]): Promise<ExecutionResult> {
    let data: Values | null;
    try {
      const isMutation = this.#source.operation.operation === 'mutation';
      data = await (isMutation ? this.#serially(root) : this.#object(root, undefined, undefined));
    } catch (error) {
      data = null;
      this.#report(error as GraphQLError, undefined);
    }
    return this.#errors.length === 0 ? { data } : { errors: this.#errors, data };
  }

  async #serially(fields: readonly FieldPlan[]): Promise<Values> {
    const results: Values = {};
    for (const field of fields) results[field.responseName] = await this.#field(field, undefined, undefined);
    return results;
  }

  #object(fields: readonly FieldPlan[], source: unknown, path: Path | undefined): Values | Promise<Values> {
    const results: Values = {};
    let waiting: Promise<void>[] | undefined;
    try {
      for (const field of fields) {
        const name = field.responseName;
        const value = this.#field(field, source, path);
        // Set at once, also where it is to be replaced: fields stand in the order in which they were asked for.
        results[name] = value;
        if (isPromise(value)) {
          waiting ??= [];
          waiting.push(
            value.then((resolved) => {
              results[name] = resolved;
            }),
          );
        }
      }
    } catch (error) {
      if (waiting === undefined) throw error;
      return afterAll(waiting, error);
    }
    return waiting === undefined ? results : Promise.all(waiting).then(() => results);
  }

  #field(field: FieldPlan, source: unknown, parent: Path | undefined): unknown {
    if (field.isTypename) return field.parentType.name;
    const path: Path = { prev: parent, key: field.responseName, typename: field.parentType.name };
    try {
      const value = this.#resolve(field, source, path);
      const completed = isPromise(value)
        ? value.then((resolved) => this.#value(field.value, resolved, field, path))
        : this.#value(field.value, value, field, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) => this.#fail(error, field.value, field, path));
    } catch (error) {
      return this.#fail(error, field.value, field, path);
    }
  }

  #resolve(field: FieldPlan, source: unknown, path: Path): unknown {
    if (field.resolve !== null)
      return field.resolve(source, this.#argumentsOf(field), this.#contextValue, this.#info(field, path));
    if (typeof source !== 'object' || source === null) return undefined;
    const property = (source as Values)[field.definition.name];
    if (typeof property !== 'function') return property;
    const info = this.#info(field, path);
    // It calls the method.
    const called: unknown = defaultFieldResolver(source, this.#argumentsOf(field), this.#contextValue, info);
    return called;
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

  #info({ definition, nodes, parentType }: FieldPlan, path: Path): GraphQLResolveInfo {
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

  #fail(error: unknown, { isNonNull }: ValuePlan, field: FieldPlan, path: Path): null {
    const located = locatedError(error, field.nodes, responsePathAsArray(path));
    if (isNonNull) throw located;
    this.#report(located, path);
    return null;
  }

  #report(error: GraphQLError, path: Path | undefined): void {
    if (this.#nulled.size > 0) {
      if (this.#nulled.has(undefined)) return;
      for (let above = path; above !== undefined; above = above.prev) if (this.#nulled.has(above)) return;
    }
    this.#nulled.add(path);
    this.#errors.push(error);
  }

  #value(plan: ValuePlan, value: unknown, field: FieldPlan, path: Path): unknown {
    if (value instanceof Error) throw value;
    if (value === null || value === undefined) {
      if (plan.isNonNull) throw nullNotAllowed(field);
      return null;
    }
    switch (plan.kind) {
      case 'leaf': {
        const serialized: unknown = plan.type.serialize(value);
        if (serialized === null || serialized === undefined)
          throw new Error(`${plan.type.name} makes nothing of a value of ${placeOf(field)}.`);
        return serialized;
      }
      case 'list':
        if (!isIterable(value))
          throw new GraphQLError(`Expected Iterable, but did not find one for field "${placeOf(field)}".`);
        return this.#list(plan.of, value, field, path);
      case 'object':
        return this.#objectOf(plan.type, plan.selection, value, field, path);
      case 'abstract':
        return this.#abstract(plan.type, plan.selection, value, field, path);
      default:
        return plan satisfies never;
    }
  }

  #list(of: ValuePlan, values: Iterable<unknown>, field: FieldPlan, listPath: Path): unknown {
    const completed: unknown[] = [];
    let isWaiting = false;
    try {
      for (const value of values) {
        const path: Path = { prev: listPath, key: completed.length, typename: undefined };
        const element = this.#element(of, value, field, path);
        if (isPromise(element)) isWaiting = true;
        completed.push(element);
      }
    } catch (error) {
      // What is under way ends by itself; a rejection that nobody hears of would end the process.
      if (isWaiting) Promise.all(completed).catch(() => undefined);
      throw error;
    }
    return isWaiting ? Promise.all(completed) : completed;
  }

  #element(of: ValuePlan, value: unknown, field: FieldPlan, path: Path): unknown {
    try {
      const completed = isPromise(value)
        ? value.then((resolved) => this.#value(of, resolved, field, path))
        : this.#value(of, value, field, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) => this.#fail(error, of, field, path));
    } catch (error) {
      return this.#fail(error, of, field, path);
    }
  }

  #objectOf(
    type: GraphQLObjectType,
    selection: SelectionPlan,
    value: unknown,
    field: FieldPlan,
    path: Path,
  ): unknown {
    if (!type.isTypeOf) return this.#object(selection.fieldsOf(type), value, path);
    const complete = (isOfType: boolean) => {
      if (!isOfType)
        throw new GraphQLError(`A value of ${placeOf(field)} is no ${type.name}.`, { nodes: field.nodes });
      return this.#object(selection.fieldsOf(type), value, path);
    };
    const isOfType = type.isTypeOf(value, this.#contextValue, this.#info(field, path));
    return isPromise(isOfType) ? isOfType.then(complete) : complete(isOfType);
  }

  #abstract(
    type: GraphQLAbstractType,
    selection: SelectionPlan,
    value: unknown,
    field: FieldPlan,
    path: Path,
  ): unknown {
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const complete = (name: unknown) =>
      this.#objectOf(this.#possibleType(type, name, field), selection, value, field, path);
    const name = resolveType(value, this.#contextValue, this.#info(field, path), type);
    return isPromise(name) ? name.then(complete) : complete(name);
  }

  #possibleType(abstract: GraphQLAbstractType, name: unknown, field: FieldPlan): GraphQLObjectType {
    const { schema } = this.#source;
    const type = typeof name === 'string' ? schema.getType(name) : undefined;
    if (isObjectType(type) && schema.isSubType(abstract, type)) return type;
    throw new GraphQLError(
      `A value of ${placeOf(field)} was said to be ${String(name)}, which is no object type of ${abstract.name}.`,
      { nodes: field.nodes },
    );
  }
}

/** Rejects with an error when what was begun beside it is over. */
async function afterAll(others: readonly unknown[], error: unknown): Promise<never> {
  try {
    await Promise.all(others);
  } catch {
    // The first error is the one that is told.
  }
  throw error;
}

function placeOf({ parentType, definition }: FieldPlan): string {
  return `${parentType.name}.${definition.name}`;
}

function nullNotAllowed(field: FieldPlan): Error {
  return new Error(`Cannot return null for non-nullable field ${placeOf(field)}.`);
}
