import type { Edge } from './edge.ts';

export const whoAmI = '{ caller callerRoles }';

/** Asks the edge who asks, as it takes it from this `authorization` header. */
export const ask = (edge: Edge, authorization: string) => edge.ask(whoAmI, { headers: { authorization } });
