import { GraphQLError } from 'graphql';
import type { ClientPaths } from './client-paths.ts';
import type { Doubt } from './doubts.ts';
import type { Fetch } from './fetch.ts';
import type { JsonObject } from './json.ts';
import { placesAt, type ResponsePath } from './response-path.ts';
import type { FetchStep } from './steps.ts';
import type { FetchError } from './subgraph-call.ts';

type Path = readonly (string | number)[];

/** Where an error is told. */
interface Place {
  path: Path;
  doubt: Doubt | null;
}

/** An object of the collected data that a fetch adds to. */
export interface Target {
  object: JsonObject;
  /** The step that found it, and says what else is added below it. */
  step: FetchStep;
  /** Whether the fetch asks of it what the plan may want of other types alone; see `writeKnownPart`. */
  isKnownInPart: boolean;
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
  report: (error: GraphQLError, doubt: Doubt | null) => void;
}

/**
 * Gives a subgraph's errors the client's paths: an entity's error shows at every place where the entity stands, and an error
 * without a path at every field that the fetch leaves empty.
 */
export function placeErrors(placing: Placing): void {
  const { fetch, targets, clientPaths, report } = placing;
  const found = new Map<ResponsePath, Map<JsonObject, Path>>();

  function placeOf({ object, step: { path } }: Target): Path {
    let places = found.get(path);
    if (places === undefined) {
      places = placesAt(placing.data, path);
      found.set(path, places);
    }
    return places.get(object) ?? [];
  }

  function placeIn(target: Target, own: Path): Place {
    const place = placeOf(target);
    const within = fetch.renamePath(own);
    const [field] = within;
    const isDoubtful = target.isKnownInPart && typeof field === 'string';
    return { path: clientPaths.cut([...place, ...within]), doubt: isDoubtful ? { place, field } : null };
  }

  function reportAt(error: FetchError, places: Iterable<Place>): void {
    const seen = new Set<string>();
    for (const { path, doubt } of places) {
      const text = JSON.stringify(path);
      if (seen.has(text)) continue;
      seen.add(text);
      const place = path.length > 0 ? { path } : {};
      report(new GraphQLError(error.message, { ...place, extensions: { ...error.extensions } }), doubt);
      if (error.path === undefined && seen.size === maxEmptyPlaces) return;
    }
  }

  function* everywhere(): Generator<Place> {
    // Not all of them may be told, so what is certain comes first.
    const all = targets.flat().toSorted((a, b) => Number(a.isKnownInPart) - Number(b.isKnownInPart));
    for (const target of all) {
      for (const name of fetch.emptyPlaces.namesFor(target.object['__typename'])) {
        const place = placeIn(target, [name]);
        if (place.path.length > placeOf(target).length) yield place;
      }
    }
  }

  function* placesOf(own: Path): Generator<Place> {
    const isOfEntity = fetch.representation !== null;
    const index = isOfEntity ? own[1] : 0;
    const meant = typeof index === 'number' ? targets[index] : undefined;
    for (const target of meant ?? []) yield placeIn(target, isOfEntity ? own.slice(2) : own);
  }

  for (const error of placing.errors) {
    const isPlaced =
      error.path !== undefined && (fetch.representation === null || typeof error.path[1] === 'number');
    if (isPlaced) {
      reportAt(error, placesOf(error.path ?? []));
    } else {
      const places = [...everywhere()];
      reportAt(error, places.length > 0 ? places : [{ path: [], doubt: null }]);
    }
  }
}
