import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Caller } from '@banyan/kit/hop';
import { badRequest } from '../errors.ts';
import type { AccessTokenVerifier } from './access-token.ts';
import type { ApiKeyVerifier } from './api-key.ts';
import { identify } from './bearer.ts';

/** Who can tell who a caller is. */
export interface Identities {
  tokens: AccessTokenVerifier;
  apiKeys: ApiKeyVerifier;
}

/**
 * Who sent a request: a person by `Authorization: Bearer`, a partner's app by `banyan-api-key`, nobody in particular
 * without either.
 * @param headers which say who it is; those of the request, or what a client sent in their place
 * @param asker the request; null where its caller was known before
 * @throws RequestRefused 401 for a credential that is not good, 400 for both at once.
 */
export function callerOf(
  headers: IncomingHttpHeaders,
  identities: Identities,
  asker: IncomingMessage | null,
): Promise<Caller> | Caller {
  const apiKey = headers['banyan-api-key'];
  if (apiKey === undefined) return identify(headers.authorization, identities.tokens);
  if (headers.authorization !== undefined)
    throw badRequest('Send an access token or an API key, not both: a request has one caller.');
  return identities.apiKeys.verify(String(apiKey), asker);
}
