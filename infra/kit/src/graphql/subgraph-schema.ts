import {
  DirectiveLocation,
  graphql,
  GraphQLDirective,
  GraphQLInt,
  GraphQLNonNull,
  specifiedDirectives,
  type GraphQLSchema,
} from 'graphql';
import type { ContractLists } from '../contracts/contract-lists.ts';
import { tagSdl } from '../contracts/tag-sdl.ts';
import type { KitBuilder } from './builder.ts';
import type { OperationContext } from './context.ts';

/** Names the meaning of `@cacheControl` in a supergraph; nothing is fetched from there. */
const cacheControlUrl = 'https://banyan.invalid/cacheControl/v1.0';

const cacheControl = new GraphQLDirective({
  name: 'cacheControl',
  description: 'The field is the same for everybody, and a copy of it may be this many seconds old.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: { maxAge: { type: new GraphQLNonNull(GraphQLInt) } },
});

/** `@cacheControl` reaches the supergraph, where the edge reads it. */
const composedDirectives = {
  directives: [...specifiedDirectives, cacheControl],
  composeDirectives: ['@cacheControl'] as `@${string}`[],
  extensions: {
    directives: [{ name: 'link', args: { url: cacheControlUrl, import: ['@cacheControl'] } }],
  },
};

/** The executable schema of a subgraph, with `_entities` and `_service`. */
export function toSubgraphSchema<Context extends OperationContext>(
  builder: KitBuilder<Context>,
): GraphQLSchema {
  return builder.toSubGraphSchema({
    ...(builder.options.publicCopies && composedDirectives),
    linkUrl: 'https://specs.apollo.dev/federation/v2.9',
    federationDirectives: [
      '@key',
      '@shareable',
      '@external',
      '@requires',
      '@extends',
      '@inaccessible',
      '@tag',
      '@cost',
      '@listSize',
    ],
  });
}

/**
 * The SDL that composition reads, with the tags of the contracts that show its fields.
 * @throws Error when a contract lists what the schema does not have.
 */
export async function printSdl(schema: GraphQLSchema, contracts: ContractLists = {}): Promise<string> {
  const { data, errors } = await graphql({ schema, source: '{ _service { sdl } }' });
  if (errors?.[0] !== undefined) throw errors[0];
  const { sdl } = (data as unknown as { _service: { sdl: string } })._service;
  return tagSdl(sdl, contracts);
}
