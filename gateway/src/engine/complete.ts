import { readField, type JsonObject } from './json.ts';
import type { FieldShape, ListShape, ObjectShape, ValueShape } from './shape.ts';

type Path = readonly (string | number)[];

/** What a subgraph left out, or brought in a form that the schema does not know. */
export interface BrokenPlace {
  path: Path;
  reason: string;
}

/** A null that was already accounted for further down; a plain null was brought by a subgraph. */
const broken = Symbol('broken');

/** Turns collected data into the response in one pass: what was not asked for stays behind, nulls rise. */
export class Completion {
  readonly places: BrokenPlace[] = [];
  readonly #path: (string | number)[] = [];
  readonly #introspection: JsonObject;

  /** @param introspection the answers to `__schema` and `__type`, by response name. */
  constructor(introspection: JsonObject) {
    this.#introspection = introspection;
  }

  /** The response's data; null when a null has risen to the top. */
  complete(shape: ObjectShape, data: JsonObject): JsonObject | null {
    const completed = this.#object(shape, data);
    return completed === broken ? null : completed;
  }

  #break(reason: string): typeof broken {
    this.places.push({ path: [...this.#path], reason });
    return broken;
  }

  #value(shape: ValueShape, value: unknown): unknown {
    if (value === null || value === undefined) return null;
    switch (shape.kind) {
      case 'leaf':
        if (shape.isValid === null || shape.isValid(value)) return value;
        return this.#break('a value of another type');
      case 'object':
        if (typeof value !== 'object' || Array.isArray(value))
          return this.#break('no object where one belongs');
        return this.#object(shape, value as JsonObject);
      case 'list':
        if (!Array.isArray(value)) return this.#break('no list where one belongs');
        return this.#list(shape, value);
      default:
        return shape satisfies never;
    }
  }

  #list(shape: ListShape, values: readonly unknown[]): unknown {
    const completed: unknown[] = [];
    let isBroken = false;
    for (let index = 0; index < values.length; index += 1) {
      this.#path.push(index);
      let value = this.#value(shape.of, values[index]);
      if (shape.isElementNonNull) {
        if (value === null) value = this.#break('null where there must be a value');
        if (value === broken) isBroken = true;
      }
      this.#path.pop();
      completed.push(value === broken ? null : value);
    }
    return isBroken ? broken : completed;
  }

  #object(shape: ObjectShape, object: JsonObject): JsonObject | typeof broken {
    const typeShape = shape.for(object['__typename']);
    if (typeShape === null) return this.#break('an object of a type that clients do not know');
    const completed: JsonObject = {};
    for (const field of typeShape.fields) {
      if (field.kind === 'typename') {
        if (typeShape.typename === null) return this.#break('an interface where an object belongs');
        completed[field.name] = typeShape.typename;
        continue;
      }
      const value = this.#field(field, object);
      if (value === broken) {
        if (field.isNonNull) return broken;
        completed[field.name] = null;
      } else {
        completed[field.name] = value;
      }
    }
    return completed;
  }

  #field(field: FieldShape, object: JsonObject): unknown {
    if (field.kind === 'introspection') return this.#introspection[field.name] ?? null;
    this.#path.push(field.name);
    let value = this.#value(field.value, readField(object, field.key));
    if (value === null && field.isNonNull) value = this.#break('null where there must be a value');
    this.#path.pop();
    return value;
  }
}
