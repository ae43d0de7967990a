import { refuse } from '@banyan/kit/graphql';
import type { Limiter } from '@banyan/kit/cache';

/**
 * Counts an attempt from an address against each limit.
 * @param network undefined where the edge does not know it: there is nothing to count by then.
 * @throws Refusal `RATE_LIMITED`.
 */
export async function assertWithin(limits: readonly Limiter[], network: string | undefined): Promise<void> {
  if (network === undefined) return;
  for (const limit of limits) {
    const { allowed, retryAfterSeconds } = await limit.attempt(network);
    if (!allowed) throw tooManyFromThere(retryAfterSeconds);
  }
}

function tooManyFromThere(seconds: number) {
  const minutes = Math.ceil(seconds / 60);
  return refuse('RATE_LIMITED', {
    en: `Too many people sign in from where you are. Try again in ${minutes} minutes.`,
    zh: `您所在网络的登录请求过多，请在 ${minutes} 分钟后重试。`,
  });
}
