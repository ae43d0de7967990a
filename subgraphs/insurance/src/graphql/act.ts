import { settle, signedIn, type Payload } from '@banyan/kit/graphql';
import type { Context } from '../context.ts';
import { createLoaders } from '../loaders.ts';

/** Runs an action in the caller's name; what its payload shows is read anew, behind what it wrote. */
export function act<Changed extends object>(
  context: Context,
  action: (context: Context, personId: string, input: unknown) => Promise<Changed>,
  input: unknown,
): Promise<Payload<Changed>> {
  return settle(context, async () => {
    try {
      return await action(context, signedIn(context), input);
    } finally {
      context.loaders = createLoaders(context.db, () => context.now());
    }
  });
}
