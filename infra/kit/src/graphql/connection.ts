import type { ObjectRef } from '@pothos/core';
import { GraphQLError } from 'graphql';
import type { Edge, Page } from '../database/keyset-page.ts';
import type { BaseSchemaTypes, KitBuilder } from './builder.ts';
import type { OperationContext } from './context.ts';

/** The most that `first` may ask for. */
export const maxPageSize = 100;
/** What a field that takes `first` gives where nobody says how much. */
export const defaultPageSize = 20;

/**
 * `first` and `after` as a client gave them, checked.
 * @throws GraphQLError `BAD_USER_INPUT` when `first` is not 1 to 100.
 */
export function pageArgs(args: { first?: number | null | undefined; after?: string | null | undefined }): {
  first: number;
  after: string | null;
} {
  const first = args.first ?? defaultPageSize;
  if (first < 1 || first > maxPageSize) {
    throw new GraphQLError(`"first" takes 1 to ${maxPageSize}.`, { extensions: { code: 'BAD_USER_INPUT' } });
  }
  return { first, after: args.after ?? null };
}

/** `NodeConnection` and `NodeEdge` for a node type: `edges`, `nodes`, `pageInfo`. */
export function defineConnection<Context extends OperationContext, Node extends object>(
  builder: KitBuilder<Context>,
  name: string,
  node: ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<BaseSchemaTypes<Context>>, Node>,
) {
  const edge = builder.objectRef<Edge<Node>>(`${name}Edge`).implement({
    fields: (t) => ({
      cursor: t.exposeString('cursor'),
      node: t.field({ type: node, resolve: (item) => item.node as never }),
    }),
  });
  return builder.objectRef<Page<Node>>(`${name}Connection`).implement({
    fields: (t) => ({
      edges: t.field({ type: [edge], resolve: (page) => [...page.edges] }),
      nodes: t.field({ type: [node], resolve: (page) => [...page.nodes] as never }),
      pageInfo: t.field({ type: 'PageInfo', resolve: (page) => page.pageInfo }),
    }),
  });
}
