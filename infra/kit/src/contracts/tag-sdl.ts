import {
  Kind,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { ContractLists, ShownFields } from './contract-lists.ts';

type FieldsTypeNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

function hasFields(type: TypeDefinitionNode | undefined): type is FieldsTypeNode {
  return type?.kind === Kind.OBJECT_TYPE_DEFINITION || type?.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

/** Whether another subgraph gives the field, or no client may see it. */
function isForeign(field: FieldDefinitionNode): boolean {
  return (field.directives ?? []).some(
    ({ name }) => name.value === 'external' || name.value === 'inaccessible',
  );
}

/**
 * Whether a type says nothing of its own (amounts, pages and their edges, user errors): such a type goes with every field
 * that returns it, and what it wraps must still be listed.
 */
function isWrapper(type: FieldsTypeNode): boolean {
  const fields = new Set((type.fields ?? []).map(({ name }) => name.value));
  if (type.name.value === 'Money' || type.name.value === 'PageInfo' || type.name.value === 'UserError')
    return true;
  if (type.interfaces?.some(({ name }) => name.value === 'UserError')) return true;
  return fields.has('pageInfo') || (fields.has('cursor') && fields.has('node'));
}

/** Coordinates (`Type`, `Type.field`) that one contract shows: what is listed, and what that cannot do without. */
function coordinatesOf(
  types: ReadonlyMap<string, TypeDefinitionNode>,
  contract: string,
  lists: ShownFields,
): Set<string> {
  const shown = new Set<string>();
  const wrong = (what: string) => new Error(`The contract "${contract}" ${what}.`);

  function need(name: string): void {
    const type = types.get(name);
    if (type === undefined) return;
    if (hasFields(type)) {
      if (isWrapper(type)) showAll(type);
      return;
    }
    if (shown.has(name)) return;
    shown.add(name);
    if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const field of type.fields ?? []) need(nameOf(field.type));
  }

  function show(type: FieldsTypeNode, field: FieldDefinitionNode): void {
    const coordinate = `${type.name.value}.${field.name.value}`;
    if (shown.has(coordinate)) return;
    shown.add(coordinate);
    for (const argument of field.arguments ?? []) need(nameOf(argument.type));
    need(nameOf(field.type));
  }

  function showAll(type: FieldsTypeNode): void {
    for (const field of type.fields ?? []) if (!isForeign(field)) show(type, field);
    for (const { name } of type.interfaces ?? []) need(name.value);
  }

  for (const [name, fields] of Object.entries(lists)) {
    const type = types.get(name);
    if (!hasFields(type)) throw wrong(`lists ${name}, which is no type with fields`);
    if (fields === '*') {
      if (rootTypes.has(name)) throw wrong(`lists ${name} with "*": say which of its fields`);
      showAll(type);
      continue;
    }
    for (const wanted of fields) {
      const field = type.fields?.find((each) => each.name.value === wanted);
      if (field === undefined) throw wrong(`lists ${name}.${wanted}, which does not exist`);
      if (isForeign(field)) throw wrong(`lists ${name}.${wanted}, which no client may see here`);
      show(type, field);
    }
  }
  return shown;
}

function tag(contract: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'tag' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'name' },
        value: { kind: Kind.STRING, value: contract },
      },
    ],
  };
}

/**
 * Writes into a subgraph's SDL which contracts show what: `@tag(name: "partner")` at every listed field, and at the enums,
 * inputs, scalars and unions that it needs.
 * @throws Error when a list names what the subgraph does not have.
 */
export function tagSdl(sdl: string, lists: ContractLists): string {
  const document: DocumentNode = parse(sdl);
  const types = new Map<string, TypeDefinitionNode>();
  for (const definition of document.definitions)
    if (
      'name' in definition &&
      definition.name !== undefined &&
      definition.kind !== Kind.DIRECTIVE_DEFINITION
    )
      types.set(definition.name.value, definition as TypeDefinitionNode);
  const shownBy = Object.entries(lists).map(
    ([contract, list]) => [contract, coordinatesOf(types, contract, list)] as const,
  );
  const tagged = <Node extends { directives?: readonly ConstDirectiveNode[] | undefined }>(
    node: Node,
    coordinate: string,
  ): Node => {
    const tags = shownBy.filter(([, shown]) => shown.has(coordinate)).map(([contract]) => tag(contract));
    return tags.length === 0 ? node : { ...node, directives: [...(node.directives ?? []), ...tags] };
  };
  const withTags = visit(document, {
    enter(node) {
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
        const fields = (node.fields ?? []).map((each) =>
          tagged(each, `${node.name.value}.${each.name.value}`),
        );
        return { ...node, fields };
      }
      if (
        node.kind === Kind.ENUM_TYPE_DEFINITION ||
        node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ||
        node.kind === Kind.SCALAR_TYPE_DEFINITION ||
        node.kind === Kind.UNION_TYPE_DEFINITION
      )
        return tagged(node, node.name.value);
      return undefined;
    },
  });
  return print(withTags);
}
