import type { QueryPlanSelectionNode } from '@apollo/query-planner';
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

/** What a fetch needs of an entity: its key, and the fields that it requires from other subgraphs. */
export class RepresentationShape {
  readonly #selections: readonly QueryPlanSelectionNode[];
  readonly #relations: TypeRelations;
  readonly #partByType = new Map<string, Part>();

  constructor(selections: readonly QueryPlanSelectionNode[], relations: TypeRelations) {
    this.#selections = selections;
    this.#relations = relations;
  }

  /** The part of an object that this shape names; null when it was not fetched. */
  take(object: JsonObject): JsonObject | null {
    const typename = object['__typename'];
    const taken: JsonObject = {};
    const part = this.#partFor(typeof typename === 'string' ? typename : '');
    return this.#takePart(object, part, taken) ? taken : null;
  }

  #partFor(typename: string): Part {
    let part = this.#partByType.get(typename);
    if (part === undefined) {
      part = this.#compile(this.#selections, typename);
      // A subgraph may say what it likes; only what there is takes memory here.
      if (typename === '' || this.#relations.isKnown(typename)) this.#partByType.set(typename, part);
    }
    return part;
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

  #takePart(object: JsonObject, part: Part, into: JsonObject): boolean {
    for (const { name } of part.fields) if (readField(object, name) === undefined) return false;
    for (const { name, nested } of part.fields) {
      const value = nested === null ? object[name] : takeNested(object[name], nested);
      const there = into[name];
      if (isJsonObject(there) && isJsonObject(value)) mergeInto(there, value, this.#relations, true);
      else into[name] = value;
    }
    for (const fragment of part.fragments) this.#takePart(object, fragment, into);
    return true;
  }
}

function takeNested(value: unknown, nested: RepresentationShape): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => takeNested(element, nested));
  return isJsonObject(value) ? nested.take(value) : value;
}
