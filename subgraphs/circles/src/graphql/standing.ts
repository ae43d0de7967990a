import type { Context } from '../context.ts';
import { actsAs, belongs, mayRead } from '../domain/belonging.ts';

/** Whether the caller is one of the circle. */
export async function isMember({ loaders }: Context, circleId: string): Promise<boolean> {
  return belongs(await loaders.ownMembership.load(circleId));
}

/** Whether the caller runs the circle. */
export async function isOperator({ loaders }: Context, circleId: string): Promise<boolean> {
  return actsAs(await loaders.ownMembership.load(circleId), 'OPERATOR');
}

/** Whether the caller keeps order in the circle. */
export async function isModerator({ loaders }: Context, circleId: string): Promise<boolean> {
  return actsAs(await loaders.ownMembership.load(circleId), 'MODERATOR');
}

/** Whether the circle's posts are for the caller. */
export async function isReader({ loaders }: Context, circleId: string): Promise<boolean> {
  const [circle, membership] = await Promise.all([
    loaders.circle.load(circleId),
    loaders.ownMembership.load(circleId),
  ]);
  return circle !== null && mayRead(circle, membership);
}
