import type { KitObjectRef } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';

/** Only pointed to: users serves it. */
export const User: KitObjectRef<Context, { id: string }> = builder
  .externalRef('User', builder.keyDirective(builder.selection<{ id: string }>('id'), false))
  .implement({ fields: (t) => ({ id: t.exposeID('id') }) });
