import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { EntityKey } from './entity-keys.ts';
import { FlatText } from './flat-text.ts';
import { isJsonObject, readField, type JsonObject } from './json.ts';
import { mergeInto } from './merge.ts';
import type { TypeRelations } from './type-relations.ts';

interface Field {
  name: string;
  /** Null for what has no fields of its own. */
  nested: RepresentationShape | null;
}

/** Fields that are taken together or not at all, and the fragments that add to them where they can. */
interface Part {
  fields: readonly Field[];
  fragments: readonly Part[];
}

interface Taking {
  /** Whether fields that are not there are passed over. */
  mayLack?: boolean;
  /** Whether a fragment that cannot be taken leaves nothing to take. */
  isWhole?: boolean;
}

/** What a shape names of objects of one type. */
interface TypePart {
  typename: string;
  part: Part;
  /** Null for what is not flat, or no representation. */
  flat: FlatText | null;
  /** Any of which finds the objects; none where that is not known. */
  keys: readonly EntityKey[];
}

/** A plan that asks more of one type of an interface object than of the others may require no key of these. */
function isFound(keys: readonly EntityKey[], has: (name: string) => boolean): boolean {
  return keys.length === 0 || keys.some((key) => key.every(has));
}

function flatText(part: Part, typename: string, keys: readonly EntityKey[]): FlatText | null {
  const [only, ...more] = [part, ...part.fragments].filter((each) => each.fields.length > 0);
  if (only === undefined || more.length > 0 || part.fragments.some((each) => each.fragments.length > 0))
    return null;
  if (only.fields.some(({ nested }) => nested !== null)) return null;
  const names = new Set(only.fields.map(({ name }) => name));
  if (typename === '' || !names.has('__typename') || !isFound(keys, (name) => names.has(name))) return null;
  return new FlatText(typename, [...names]);
}

/** What a fetch needs of an entity: its key, and the fields that it requires from other subgraphs. */
export class RepresentationShape {
  readonly #selections: readonly QueryPlanSelectionNode[];
  readonly #relations: TypeRelations;
  readonly #keysOf: (typename: string) => readonly EntityKey[];
  readonly #byType = new Map<string, TypePart>();
  #last: TypePart | undefined;

  /** @param keysOf gives the keys of a type in the subgraph that is asked. */
  constructor(
    selections: readonly QueryPlanSelectionNode[],
    relations: TypeRelations,
    keysOf: (typename: string) => readonly EntityKey[] = () => [],
  ) {
    this.#selections = selections;
    this.#relations = relations;
    this.#keysOf = keysOf;
  }

  /** The part of an object that this shape names; null when it was not fetched. */
  take(object: JsonObject): JsonObject | null {
    const taken: JsonObject = {};
    const { part } = this.#for(object['__typename']);
    return this.#takePart(object, part, taken) ? taken : null;
  }

  /** The same with its type and a key, without which it is no representation. */
  takeTyped(object: JsonObject): JsonObject | null {
    const taken = this.take(object);
    if (taken?.['__typename'] === undefined) return null;
    return this.#isRepresentation(object, taken) ? taken : null;
  }

  #isRepresentation(object: JsonObject, taken: JsonObject): boolean {
    const { keys } = this.#for(object['__typename']);
    return isFound(keys, (name) => readField(taken, name) !== undefined);
  }

  /**
   * JSON text of the same. Most representations are a type and a key, which are written without an object in between.
   * @returns null when it was not fetched.
   */
  write(object: JsonObject): string | null {
    const { flat } = this.#for(object['__typename']);
    if (flat !== null) return flat.write(object);
    const taken = this.takeTyped(object);
    return taken === null ? null : JSON.stringify(taken);
  }

  /**
   * What there is of that part, for an object of which everything was fetched that the plan fetches of its type: where a fetch
   * asks more of one type of a list than of the others, the plan requires the same of all.
   * @returns null when there is no key.
   */
  takeKnown(object: JsonObject): JsonObject | null {
    const typename = object['__typename'];
    if (typeof typename !== 'string') return null;
    const known: JsonObject = {};
    this.#takePart(object, this.#for(typename).part, known, { mayLack: true });
    if (known['__typename'] === undefined || Object.keys(known).length < 2) return null;
    return this.#isRepresentation(object, known) ? known : null;
  }

  #for(given: unknown): TypePart {
    const typename = typeof given === 'string' ? given : '';
    if (this.#last?.typename === typename) return this.#last;
    let found = this.#byType.get(typename);
    if (found === undefined) {
      const part = this.#compile(this.#selections, typename);
      const keys = this.#keysOf(typename);
      found = { typename, part, flat: flatText(part, typename, keys), keys };
      // A subgraph may say what it likes; only what there is takes memory here.
      if (typename === '' || this.#relations.isKnown(typename)) this.#byType.set(typename, found);
    }
    this.#last = found;
    return found;
  }

  #compile(selections: readonly QueryPlanSelectionNode[], typename: string): Part {
    const fields: Field[] = [];
    const fragments: Part[] = [];
    for (const selection of selections) {
      if (selection.kind === 'Field') {
        const nested = selection.selections;
        fields.push({
          name: selection.alias ?? selection.name,
          nested: nested === undefined ? null : new RepresentationShape(nested, this.#relations),
        });
      } else if (
        selection.typeCondition !== undefined &&
        this.#relations.isSubtype(typename, selection.typeCondition)
      ) {
        fragments.push(this.#compile(selection.selections, typename));
      }
    }
    return { fields, fragments };
  }

  /** The part of a nested object, fragments for its type included; null when something of it was not fetched. */
  #takeWhole(object: JsonObject): JsonObject | null {
    const taken: JsonObject = {};
    const { part } = this.#for(object['__typename']);
    return this.#takePart(object, part, taken, { isWhole: true }) ? taken : null;
  }

  #takePart(object: JsonObject, part: Part, into: JsonObject, taking: Taking = {}): boolean {
    const values: unknown[] = [];
    for (const { name, nested } of part.fields) {
      const value = readField(object, name);
      const taken = nested === null ? value : RepresentationShape.#takeNested(value, nested);
      if (taken === undefined && taking.mayLack !== true) return false;
      values.push(taken);
    }
    for (const [index, { name, nested }] of part.fields.entries()) {
      const value = values[index];
      const there = into[name];
      // A value without fields of its own may be an object, of a scalar: that is the subgraph's, and was taken whole.
      const isTakenInParts = nested !== null && isJsonObject(there) && isJsonObject(value);
      if (isTakenInParts) mergeInto(there, value, this.#relations);
      else if (value !== undefined) into[name] = value;
    }
    for (const fragment of part.fragments) {
      const isTaken = this.#takePart(object, fragment, into, taking);
      if (!isTaken && taking.isWhole === true) return false;
    }
    return true;
  }

  /** What is nested is taken as a whole: half an object, or null in its place, would be something else than there is. */
  static #takeNested(value: unknown, nested: RepresentationShape): unknown {
    if (isJsonObject(value)) return nested.#takeWhole(value) ?? undefined;
    if (!Array.isArray(value)) return value;
    const taken = value.map((element: unknown) => RepresentationShape.#takeNested(element, nested));
    return taken.includes(undefined) ? undefined : taken;
  }
}
