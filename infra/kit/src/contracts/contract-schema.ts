import { buildSchemaFromAST, errorCauses } from '@apollo/federation-internals';
import {
  getNamedType,
  GraphQLError,
  isInputObjectType,
  isObjectType,
  isInterfaceType,
  isAbstractType,
  isIntrospectionType,
  isSpecifiedScalarType,
  parse,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { Contract } from './contract.ts';
import { hideUntagged } from './hide-untagged.ts';

/** A contract that cannot be: it shows a field of a type of which it shows nothing, or a type to which nothing leads. */
export class ContractFailure extends Error {
  override readonly name = 'ContractFailure';
  readonly details: readonly string[];
  constructor(contract: string, details: readonly string[]) {
    super(`The contract "${contract}" shows too much or too little.`);
    this.details = details;
  }
}

/** What composition's checks say, in words that lead to the subgraph's `contracts.ts`. */
function describe(error: GraphQLError, contract: string): string {
  const code = error.extensions['code'];
  if (code === 'REFERENCED_INACCESSIBLE')
    return `${error.message} List fields of that type for "${contract}", or take out what refers to it.`;
  if (code === 'QUERY_ROOT_TYPE_INACCESSIBLE') return `"${contract}" shows no query: list fields of Query.`;
  return error.message;
}

function buildApi(supergraph: DocumentNode, contract: string): GraphQLSchema {
  try {
    return buildSchemaFromAST(supergraph, { validate: false }).toAPISchema().toGraphQLJSSchema();
  } catch (error) {
    const causes = error instanceof GraphQLError ? (errorCauses(error) ?? [error]) : undefined;
    if (causes === undefined) throw error;
    throw new ContractFailure(
      contract,
      causes.map((cause) => describe(cause, contract)),
    );
  }
}

/** Types that a client can come to from the roots. */
function reachableFrom(schema: GraphQLSchema): Set<GraphQLNamedType> {
  const reached = new Set<GraphQLNamedType>();
  const visit = (type: GraphQLNamedType | null | undefined): void => {
    if (type == null || reached.has(type)) return;
    reached.add(type);
    if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(visit);
    if (isObjectType(type) || isInterfaceType(type)) {
      type.getInterfaces().forEach(visit);
      for (const field of Object.values(type.getFields())) {
        visit(getNamedType(field.type));
        for (const argument of field.args) visit(getNamedType(argument.type));
      }
    }
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
  };
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].forEach(visit);
  return reached;
}

function refuseUnreachable(schema: GraphQLSchema, contract: string): void {
  const reachable = reachableFrom(schema);
  const lost = Object.values(schema.getTypeMap()).filter(
    (type) => !reachable.has(type) && !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  if (lost.length === 0) return;
  throw new ContractFailure(
    contract,
    lost.map(({ name }) => `Nothing that "${contract}" shows leads to ${name}: take it out of the list.`),
  );
}

/**
 * What the callers of a contract see of a supergraph: the whole graph for `internal`, for the others what carries their tag
 * and nothing else.
 * @throws ContractFailure with what to list or to take out.
 */
export function toContractSchema(supergraphSdl: string, contract: Contract): GraphQLSchema {
  if (contract === 'internal') return buildApi(parse(supergraphSdl, { noLocation: true }), contract);
  const schema = buildApi(hideUntagged(supergraphSdl, contract), contract);
  refuseUnreachable(schema, contract);
  return schema;
}
