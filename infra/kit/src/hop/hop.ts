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
export { pickLanguage } from './language.ts';
export { createHopRoute, maxHopOperations, signedRoute } from './server.ts';
export type { ExecuteOperation, HopOperation, OperationRequest } from './server.ts';
export { createSignedGet, PeerUnavailable } from './client.ts';
export type { SignedGet } from './client.ts';
export { createSubscriptionRoute } from './subscription-route.ts';
export type { OpenSubscription, SubscribeOperation, SubscriptionResult } from './subscription-route.ts';
export { hopHeartbeatMs, maxStreamMs, subscriptionsPath } from './subscription-lines.ts';
export type { StreamEnd, SubscriptionLine } from './subscription-lines.ts';
