import { pageArgs, type KitObjectRef } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { CircleConnection } from './circle.ts';
import { pageArguments } from './page-arguments.ts';
import { referenceOf } from './reference.ts';

export const Campaign: KitObjectRef<Context, { id: string }> = builder
  .externalRef('Campaign', builder.selection<{ id: string }>('id'), ({ id }) => referenceOf('cmp', id))
  .implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      supportingCircles: t.field({
        type: CircleConnection,
        nullable: true,
        description: 'Circles that stand behind it, the first who came at the head.',
        args: pageArguments,
        resolve: ({ id }, page, { loaders }) => loaders.supporters.load({ parent: id, ...pageArgs(page) }),
      }),
    }),
  });
