import { settle, signedIn, type Payload } from '@banyan/kit/graphql';
import type { Context } from '../context.ts';
import { forgetLoaded } from '../loaders.ts';

/** Runs an action in the caller's name and gives its payload, behind which everything is read anew. */
export async function mutate<Changed extends object>(
  context: Context,
  action: (services: Context, personId: string, input: unknown) => Promise<Changed>,
  input: unknown,
): Promise<Payload<Changed>> {
  const payload = await settle(context, () => action(context, signedIn(context), input));
  forgetLoaded(context.loaders);
  return payload;
}
