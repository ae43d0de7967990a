import { anonymous, type Caller } from '@banyan/kit/hop';
import { tokenRefused, type AccessTokenVerifier } from './access-token.ts';

const bearer = /^Bearer +([\w.~+/-]+=*) *$/i;

/**
 * Who sent a request, by its `Authorization` header; nobody in particular without one.
 * @throws RequestRefused 401 for anything else than a valid bearer token: a caller who means to be known is never taken
 * for a stranger.
 */
export function identify(
  authorization: string | undefined,
  tokens: AccessTokenVerifier,
): Promise<Caller> | Caller {
  if (authorization === undefined) return anonymous;
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined)
    throw tokenRefused(
      'TOKEN_INVALID',
      'The authorization header takes Bearer, a space and an access token.',
    );
  return tokens.verify(token);
}
