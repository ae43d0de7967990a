import type { Supergraph as Composed } from '@apollo/federation-internals';
import { parse, visit } from 'graphql';

/** Names of the fields of one key; what is nested is not looked at. */
export type EntityKey = readonly string[];

/** By what subgraphs find entities. */
export interface EntityKeys {
  /** The keys by which a subgraph finds objects of a type, by itself or as one of its interfaces; none where it finds none. */
  of(subgraph: string, typename: string): readonly EntityKey[];
}

function keyOf(fieldSet: string): EntityKey {
  const names: string[] = [];
  visit(parse(`{${fieldSet}}`, { noLocation: true }), {
    Field: ({ name }) => {
      names.push(name.value);
      return false;
    },
  });
  return names;
}

/** Reads `@join__type` of a supergraph (https://specs.apollo.dev/join/v0.5). */
export function readEntityKeys(composed: Composed): EntityKeys {
  const graphNames = composed.subgraphNameToGraphEnumValue();
  const keys = new Map<string, EntityKey[]>();
  const interfaces = new Map<string, readonly string[]>();
  for (const type of composed.schema.types()) {
    if (type.kind !== 'ObjectType' && type.kind !== 'InterfaceType') continue;
    interfaces.set(
      type.name,
      type.interfaces().map(({ name }) => name),
    );
    for (const applied of type.appliedDirectivesOf('join__type')) {
      const { graph, key } = applied.arguments() as { graph: string; key?: string };
      if (key === undefined) continue;
      const place = `${graph} ${type.name}`;
      keys.set(place, [...(keys.get(place) ?? []), keyOf(key)]);
    }
  }
  return {
    of(subgraph, typename) {
      const graph = graphNames.get(subgraph) ?? '';
      const names = [typename, ...(interfaces.get(typename) ?? [])];
      return names.flatMap((name) => keys.get(`${graph} ${name}`) ?? []);
    },
  };
}
