import type { FetchDataRewrite } from '@apollo/query-planner';
import { isJsonObject, readField, type JsonObject } from './json.ts';
import { isOfType, type TypeRelations } from './type-relations.ts';

const fragmentPrefix = '... on ';

/** What a fetch changes in what it sends or brings: gives an object with the changes, which has the rest in common with the given one. */
export type Rewrite = (object: JsonObject) => JsonObject;

function change(rewrite: FetchDataRewrite, name: string): Rewrite {
  if (rewrite.kind === 'ValueSetter') {
    const value: unknown = rewrite.setValueTo;
    return (object) => ({ ...object, [name]: value });
  }
  return (object) => {
    const value = readField(object, name);
    return value === undefined ? object : { ...object, [rewrite.renameKeyTo]: value, [name]: undefined };
  };
}

function changeBelow(
  value: unknown,
  path: readonly string[],
  relations: TypeRelations,
  apply: Rewrite,
): unknown {
  if (Array.isArray(value))
    return value.map((element: unknown) => changeBelow(element, path, relations, apply));
  if (!isJsonObject(value)) return value;
  const [first, ...rest] = path;
  if (first === undefined) return apply(value);
  if (first.startsWith(fragmentPrefix)) {
    const isMeant = isOfType(relations, value, first.slice(fragmentPrefix.length), true);
    return isMeant ? changeBelow(value, rest, relations, apply) : value;
  }
  const nested = readField(value, first);
  return nested === undefined ? value : { ...value, [first]: changeBelow(nested, rest, relations, apply) };
}

/** Compiles the rewrites of a fetch; null when there are none. */
export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  relations: TypeRelations,
): Rewrite | null {
  if (rewrites === undefined || rewrites.length === 0) return null;
  const changes = rewrites.map((rewrite) => {
    const apply = change(rewrite, rewrite.path.at(-1) ?? '');
    const parents = rewrite.path.slice(0, -1);
    return (object: JsonObject) => changeBelow(object, parents, relations, apply) as JsonObject;
  });
  return (object) => changes.reduce((changed, apply) => apply(changed), object);
}

/** Gives the names in an error's path back that the planner had replaced, so that it speaks of the client's fields. */
export function compilePathRenames(
  rewrites: readonly FetchDataRewrite[] | undefined,
): (path: readonly (string | number)[]) => readonly (string | number)[] {
  const renames = (rewrites ?? []).flatMap((rewrite) =>
    rewrite.kind === 'KeyRenamer'
      ? [
          {
            names: rewrite.path.filter((name) => !name.startsWith(fragmentPrefix)),
            to: rewrite.renameKeyTo,
          },
        ]
      : [],
  );
  if (renames.length === 0) return (path) => path;
  return (path) => {
    const renamed = [...path];
    const at = [...path.keys()].filter((index) => typeof path[index] === 'string');
    for (const { names, to } of renames) {
      const last = at[names.length - 1];
      if (last !== undefined && names.every((name, index) => path[at[index] ?? -1] === name))
        renamed[last] = to;
    }
    return renamed;
  };
}
