import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

const credential = z.string().max(8_192).optional();
/** Credentials as in the headers of a request, since browsers cannot set those of a WebSocket. */
const initShape = z
  .object({ authorization: credential, Authorization: credential, 'banyan-api-key': credential })
  .nullish();

/**
 * The credentials of a WebSocket: those of `connection_init` count; without any, those of the request for it.
 * @returns undefined when the payload is none.
 */
export function credentialsOf(
  payload: unknown,
  headers: IncomingHttpHeaders,
): IncomingHttpHeaders | undefined {
  const given = initShape.safeParse(payload);
  if (!given.success) return undefined;
  const { authorization, Authorization, 'banyan-api-key': apiKey } = given.data ?? {};
  const token = authorization ?? Authorization;
  if (token === undefined && apiKey === undefined) return headers;
  return {
    ...(token !== undefined && { authorization: token }),
    ...(apiKey !== undefined && { 'banyan-api-key': apiKey }),
  };
}
