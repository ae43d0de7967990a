import {
  Kind,
  parse,
  visit,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type SchemaDefinitionNode,
} from 'graphql';

type Tagged = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

const inaccessible: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'inaccessible' },
};
/** For a supergraph in which nothing was hidden so far. */
const inaccessibleSdl =
  'directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION';
const linkSdl =
  'schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }';

function hasTag(node: Tagged, contract: string): boolean {
  return (node.directives ?? []).some(
    ({ name, arguments: given }) =>
      name.value === 'tag' &&
      given?.some(({ value }) => value.kind === Kind.STRING && value.value === contract) === true,
  );
}

function isHidden(node: Tagged): boolean {
  return (node.directives ?? []).some(({ name }) => name.value === 'inaccessible');
}

function hidden<Node extends Tagged>(node: Node): Node {
  return isHidden(node) ? node : { ...node, directives: [...(node.directives ?? []), inaccessible] };
}

/** Types of the federation's machinery, which clients never see. */
function isMachinery(definition: DefinitionNode): boolean {
  return 'name' in definition && definition.name?.value.includes('__') === true;
}

function withInaccessible(document: DocumentNode): DocumentNode {
  const isDefined = document.definitions.some(
    (each) => each.kind === Kind.DIRECTIVE_DEFINITION && each.name.value === 'inaccessible',
  );
  if (isDefined) return document;
  const [link] = (parse(linkSdl).definitions[0] as SchemaDefinitionNode).directives ?? [];
  const definitions = document.definitions.map((each) =>
    each.kind === Kind.SCHEMA_DEFINITION && link !== undefined
      ? { ...each, directives: [...(each.directives ?? []), link] }
      : each,
  );
  return { ...document, definitions: [...definitions, ...parse(inaccessibleSdl).definitions] };
}

/**
 * Makes a contract of a supergraph: everything without the contract's tag becomes `@inaccessible`. A type with fields is
 * shown as far as its fields are; enums, inputs, scalars and unions as a whole. A list of what is hidden would leak
 * whatever nobody thought of; this one shows only what was named.
 */
export function hideUntagged(supergraphSdl: string, contract: string): DocumentNode {
  const document = withInaccessible(parse(supergraphSdl, { noLocation: true }));
  const show = (field: FieldDefinitionNode) => (hasTag(field, contract) ? field : hidden(field));
  return visit(document, {
    enter(node) {
      switch (node.kind) {
        case Kind.OBJECT_TYPE_DEFINITION:
        case Kind.INTERFACE_TYPE_DEFINITION: {
          if (isMachinery(node)) return false;
          const fields = (node.fields ?? []).map(show);
          return fields.every(isHidden) ? hidden(node) : { ...node, fields };
        }
        case Kind.UNION_TYPE_DEFINITION:
        case Kind.ENUM_TYPE_DEFINITION:
        case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        case Kind.SCALAR_TYPE_DEFINITION:
          return isMachinery(node) || hasTag(node, contract) ? false : hidden(node);
        default:
          return undefined;
      }
    },
  });
}
