export {
  anonymous,
  AssertionRefused,
  assertionLifeSeconds,
  createAssertionMinter,
  createAssertionVerifier,
  isAnonymous,
} from './assertion.ts';
export type { Caller, CallerApp } from './assertion.ts';
export { createHopVerifier, hopKeys, hopWindowMs, signHop } from './signature.ts';
export type { HopHeaders, HopKey, HopRefusal, HopVerifier, SignedRequest } from './signature.ts';
export { createHopRoute, maxHopOperations, signedRoute } from './server.ts';
export type { ExecuteOperation, HopOperation, OperationRequest } from './server.ts';
export { createSignedGet, PeerUnavailable } from './client.ts';
export type { SignedGet } from './client.ts';
