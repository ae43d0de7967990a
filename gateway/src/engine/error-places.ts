import { GraphQLError } from 'graphql';
import type { ClientPaths } from './client-paths.ts';
import type { Fetch } from './fetch.ts';
import type { JsonObject } from './json.ts';
import { placesAt, type ResponsePath } from './response-path.ts';
import type { FetchError } from './subgraph-call.ts';

type Path = readonly (string | number)[];

/** An object of the collected data that a fetch adds to. */
export interface Target {
  object: JsonObject;
  /** Where it was found. */
  path: ResponsePath;
}

/** Errors that one failed fetch may leave in a result: one for each field that it leaves empty, up to this. */
const maxEmptyPlaces = 20;

interface Placing {
  fetch: Fetch;
  errors: readonly FetchError[];
  /** For each representation, or for the one answer of a root fetch, the objects that it is for. */
  targets: readonly (readonly Target[])[];
  data: JsonObject;
  clientPaths: ClientPaths;
  report: (error: GraphQLError) => void;
}

/**
 * Gives a subgraph's errors the client's paths: an entity's error shows at every place where the entity stands, and an error
 * without a path at every field that the fetch leaves empty.
 */
export function placeErrors(placing: Placing): void {
  const { fetch, targets, clientPaths, report } = placing;
  const found = new Map<ResponsePath, Map<JsonObject, Path>>();

  function placeOf({ object, path }: Target): Path {
    let places = found.get(path);
    if (places === undefined) {
      places = placesAt(placing.data, path);
      found.set(path, places);
    }
    return places.get(object) ?? [];
  }

  function reportAt(error: FetchError, paths: Iterable<Path>): void {
    const seen = new Set<string>();
    for (const path of paths) {
      const text = JSON.stringify(path);
      if (seen.has(text)) continue;
      seen.add(text);
      const place = path.length > 0 ? { path } : {};
      report(new GraphQLError(error.message, { ...place, extensions: { ...error.extensions } }));
      if (error.path === undefined && seen.size === maxEmptyPlaces) return;
    }
  }

  function* everywhere(): Generator<Path> {
    for (const target of targets.flat()) {
      const place = placeOf(target);
      for (const name of fetch.emptyPlaces.namesFor(target.object['__typename'])) {
        const path = clientPaths.cut(fetch.renamePath([...place, name]));
        if (path.length > place.length) yield path;
      }
    }
  }

  function* placesOf(own: Path): Generator<Path> {
    const isOfEntity = fetch.representation !== null;
    const index = isOfEntity ? own[1] : 0;
    const meant = typeof index === 'number' ? targets[index] : undefined;
    const rest = fetch.renamePath(isOfEntity ? own.slice(2) : own);
    for (const target of meant ?? []) yield clientPaths.cut([...placeOf(target), ...rest]);
  }

  for (const error of placing.errors) {
    const isPlaced =
      error.path !== undefined && (fetch.representation === null || typeof error.path[1] === 'number');
    if (isPlaced) reportAt(error, placesOf(error.path ?? []));
    else reportAt(error, [...everywhere()].length > 0 ? everywhere() : [[]]);
  }
}
