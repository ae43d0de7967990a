import { CloseCode } from 'graphql-ws';
import type { RequestRefused } from '../errors.ts';

/** Closing codes of RFC 6455 (1xxx) beside those of graphql-ws; clients come back after each of these. */
export const closeCodes = { serviceRestart: 1012, tryAgainLater: 1013, slow: 4008 } as const;
/** A code that tells the client whether to come back: with a new token (4403), later (1013), or not at all (4401). */
export function closeCodeOf({ status, extensions }: RequestRefused): number {
  if (status === 401)
    return extensions['reason'] === 'TOKEN_EXPIRED' ? CloseCode.Forbidden : CloseCode.Unauthorized;
  return closeCodes.tryAgainLater;
}
