import { Kind, parse, visit, type ConstDirectiveNode, type ConstValueNode } from 'graphql';

/** Names of the fields of one key; what is nested is not looked at. */
export type EntityKey = readonly string[];

/** By what subgraphs find entities. */
export interface EntityKeys {
  /** The keys by which a subgraph finds objects of a type, by itself or as one of its interfaces; none where it finds none. */
  of(subgraph: string, typename: string): readonly EntityKey[];
}

function valueOf({ arguments: given }: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return given?.find((each) => each.name.value === name)?.value;
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
export function readEntityKeys(supergraphSdl: string): EntityKeys {
  const graphNames = new Map<string, string>();
  const keys = new Map<string, EntityKey[]>();
  const interfaces = new Map<string, readonly string[]>();
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
      for (const { name, directives = [] } of definition.values ?? []) {
        const given = directives[0] && valueOf(directives[0], 'name');
        if (given?.kind === Kind.STRING) graphNames.set(given.value, name.value);
      }
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    const typename = definition.name.value;
    interfaces.set(typename, definition.interfaces?.map(({ name }) => name.value) ?? []);
    for (const directive of definition.directives ?? []) {
      const [graph, key] = [valueOf(directive, 'graph'), valueOf(directive, 'key')];
      if (directive.name.value !== 'join__type' || graph?.kind !== Kind.ENUM || key?.kind !== Kind.STRING)
        continue;
      const place = `${graph.value} ${typename}`;
      keys.set(place, [...(keys.get(place) ?? []), keyOf(key.value)]);
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
