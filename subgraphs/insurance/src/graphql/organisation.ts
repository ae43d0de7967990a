import type { KitObjectRef } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';

/** The insurer. Only pointed to: users serves it. */
export const Organisation: KitObjectRef<Context, { id: string }> = builder
  .externalRef('Organisation', builder.keyDirective(builder.selection<{ id: string }>('id'), false))
  .implement({ fields: (t) => ({ id: t.exposeID('id') }) });
