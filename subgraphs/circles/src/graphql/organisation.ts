import { pageArgs, type KitObjectRef } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { CircleConnection } from './circle.ts';
import { pageArguments } from './page-arguments.ts';
import { referenceOf } from './reference.ts';

export const Organisation: KitObjectRef<Context, { id: string }> = builder
  .externalRef('Organisation', builder.selection<{ id: string }>('id'), ({ id }) => referenceOf('org', id))
  .implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      circles: t.field({
        type: CircleConnection,
        nullable: true,
        description: 'Circles that it runs.',
        args: pageArguments,
        resolve: ({ id }, page, { loaders }) =>
          loaders.circlesOfOrganisation.load({ parent: id, ...pageArgs(page) }),
      }),
    }),
  });
