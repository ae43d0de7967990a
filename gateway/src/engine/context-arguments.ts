import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import { isJsonObject, readField, type JsonObject } from './json.ts';
import type { Found } from './response-path.ts';
import { isOfType, type TypeRelations } from './type-relations.ts';

const fragmentPrefix = '... on ';

interface ContextValue {
  /** Objects to go up from the entity. */
  levels: number;
  /** What lies between that object and the value. */
  path: readonly string[];
  variable: string;
}

/** Arguments of a fetch whose values come from objects above the entity (`@fromContext`). */
export interface ContextShape {
  names: ReadonlySet<string>;
  /** JSON text of the members of `variables` that are meant for this entity. */
  write(found: Found): string;
}

function valueBelow(object: unknown, path: readonly string[], relations: TypeRelations): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return object;
  if (Array.isArray(object)) return object.map((element) => valueBelow(element, path, relations));
  if (!isJsonObject(object)) return undefined;
  if (!first.startsWith(fragmentPrefix)) return valueBelow(readField(object, first), rest, relations);
  const isMeant = isOfType(relations, object, first.slice(fragmentPrefix.length), true);
  return isMeant ? valueBelow(object, rest, relations) : undefined;
}

/** Compiles the context of a fetch; null when it uses none. */
export function compileContext(
  rewrites: readonly FetchDataKeyRenamer[] | undefined,
  relations: TypeRelations,
): ContextShape | null {
  if (rewrites === undefined || rewrites.length === 0) return null;
  const values = rewrites.map(({ path, renameKeyTo }): ContextValue => {
    const levels = path.filter((step) => step === '..').length;
    return { levels, path: path.slice(levels), variable: renameKeyTo };
  });
  return {
    names: new Set(values.map(({ variable }) => variable)),
    write({ object, ancestors }) {
      const given: JsonObject = {};
      for (const { levels, path, variable } of values) {
        const above = levels === 0 ? object : ancestors.at(-levels);
        const value = valueBelow(above, path, relations);
        if (value !== undefined) given[variable] = value;
      }
      return JSON.stringify(given).slice(1, -1);
    },
  };
}
