import {
  defaultTypeResolver,
  GraphQLError,
  isObjectType,
  type ExecutionResult,
  type GraphQLAbstractType,
  type GraphQLObjectType,
} from 'graphql';
import { Failures, nullNotAllowed, placeOf, type Path } from './failures.ts';
import type { FieldPlan, PlanSource, SelectionPlan, ValuePlan } from './plan.ts';
import { isPromise, rejectAfterAll, settleIn, whenAll } from './promises.ts';
import { ResolverCalls, type CallOptions } from './resolver-calls.ts';

type Values = Record<string, unknown>;

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/**
 * One run of a planned operation, by the rules of the specification's chapter on execution: an error makes its field null, a null
 * that may not be rises to the next field that may be null, resolvers of a query run side by side and those of a
 * mutation's root one after the other.
 *
 * What waits is in functions of its own (`#later`, `#caught`, those of `promises.ts`): a function that may make a closure keeps
 * its variables on the heap at every call, and most values are there at once.
 */
export class Run {
  readonly #source: PlanSource;
  readonly #contextValue: unknown;
  readonly #calls: ResolverCalls;
  readonly #failures = new Failures();

  constructor(options: CallOptions) {
    this.#source = options.source;
    this.#contextValue = options.contextValue;
    this.#calls = new ResolverCalls(options);
  }

  async execute(root: readonly FieldPlan[]): Promise<ExecutionResult> {
    let data: Values | null;
    try {
      const isMutation = this.#source.operation.operation === 'mutation';
      data = await (isMutation ? this.#serially(root) : this.#object(root, undefined, undefined));
    } catch (error) {
      data = null;
      this.#failures.report(error as GraphQLError, undefined);
    }
    const { errors } = this.#failures;
    return errors.length === 0 ? { data } : { errors, data };
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
          waiting.push(settleIn(results, name, value));
        }
      }
    } catch (error) {
      if (waiting === undefined) throw error;
      return rejectAfterAll(waiting, error);
    }
    return waiting === undefined ? results : whenAll(waiting, results);
  }

  #field(field: FieldPlan, source: unknown, parent: Path | undefined): unknown {
    if (field.isTypename) return field.parentType.name;
    const path: Path = { prev: parent, key: field.responseName, typename: field.parentType.name };
    try {
      const value = this.#calls.resolve(field, source, path);
      if (isPromise(value)) return this.#later(value, field.value, field, path);
      const completed = this.#value(field.value, value, field, path);
      return isPromise(completed) ? this.#caught(completed, field.value, field, path) : completed;
    } catch (error) {
      return this.#failures.nullFor(error, field.value, field, path);
    }
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
      if (isPromise(value)) return this.#later(value, of, field, path);
      const completed = this.#value(of, value, field, path);
      return isPromise(completed) ? this.#caught(completed, of, field, path) : completed;
    } catch (error) {
      return this.#failures.nullFor(error, of, field, path);
    }
  }

  #later(value: Promise<unknown>, plan: ValuePlan, field: FieldPlan, path: Path): Promise<unknown> {
    return value
      .then((resolved) => this.#value(plan, resolved, field, path))
      .then(undefined, (error: unknown) => this.#failures.nullFor(error, plan, field, path));
  }

  #caught(completed: Promise<unknown>, plan: ValuePlan, field: FieldPlan, path: Path): Promise<unknown> {
    return completed.then(undefined, (error: unknown) => this.#failures.nullFor(error, plan, field, path));
  }

  #objectOf(
    type: GraphQLObjectType,
    selection: SelectionPlan,
    value: unknown,
    field: FieldPlan,
    path: Path,
  ): unknown {
    if (!type.isTypeOf) return this.#object(selection.fieldsOf(type), value, path);
    const isOfType = type.isTypeOf(value, this.#contextValue, this.#calls.info(field, path));
    return this.#checkedObjectOf(type, isOfType, selection, value, field, path);
  }

  #checkedObjectOf(
    type: GraphQLObjectType,
    isOfType: boolean | Promise<boolean>,
    selection: SelectionPlan,
    value: unknown,
    field: FieldPlan,
    path: Path,
  ): unknown {
    const complete = (isRight: boolean) => {
      if (!isRight)
        throw new GraphQLError(`A value of ${placeOf(field)} is no ${type.name}.`, { nodes: field.nodes });
      return this.#object(selection.fieldsOf(type), value, path);
    };
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
    const name = resolveType(value, this.#contextValue, this.#calls.info(field, path), type);
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
