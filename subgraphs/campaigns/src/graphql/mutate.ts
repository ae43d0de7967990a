import { settle, type Payload } from '@banyan/kit/graphql';
import type { Context } from '../context.ts';
import { forgetLoaded } from '../loaders.ts';

/**
 * Runs an action and gives its payload, behind which everything is read anew: what an earlier mutation of the operation has
 * loaded may no longer be so.
 */
export async function mutate<Changed extends object>(
  context: Context,
  action: () => Promise<Changed>,
): Promise<Payload<Changed>> {
  const payload = await settle(context, action);
  forgetLoaded(context.loaders);
  return payload;
}
