import { graphql, type GraphQLSchema } from 'graphql';
import type { KitBuilder } from './builder.ts';
import type { OperationContext } from './context.ts';

/** The executable schema of a subgraph, with `_entities` and `_service`. */
export function toSubgraphSchema<Context extends OperationContext>(
  builder: KitBuilder<Context>,
): GraphQLSchema {
  return builder.toSubGraphSchema({
    linkUrl: 'https://specs.apollo.dev/federation/v2.8',
    federationDirectives: [
      '@key',
      '@shareable',
      '@external',
      '@requires',
      '@extends',
      '@inaccessible',
      '@tag',
    ],
  });
}

/** The SDL that composition reads. */
export async function printSdl(schema: GraphQLSchema): Promise<string> {
  const { data, errors } = await graphql({ schema, source: '{ _service { sdl } }' });
  if (errors?.[0] !== undefined) throw errors[0];
  return (data as unknown as { _service: { sdl: string } })._service.sdl;
}
