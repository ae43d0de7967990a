import { settle, signedIn, type Payload } from '@banyan/kit/graphql';
import type { Context } from '../context.ts';
import { createLoaders } from '../loaders.ts';

/**
 * Runs an action in the caller's name and then forgets what was loaded before, so that its payload, and what follows in
 * the same operation, shows what it wrote.
 */
export async function change<Changed extends object>(
  context: Context,
  action: (context: Context, callerId: string, input: unknown) => Promise<Changed>,
  input: unknown,
): Promise<Payload<Changed>> {
  const payload = await settle(context, () => action(context, signedIn(context), input));
  context.loaders = createLoaders(context.db, context.caller.subject);
  return payload;
}
