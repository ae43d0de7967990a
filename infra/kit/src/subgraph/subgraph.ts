export { refuseSandboxInProduction, subgraphSettings } from './settings.ts';
export type { SubgraphConfig } from './settings.ts';
export { followPeers } from './follow-peers.ts';
export type { PeerHandlers } from './follow-peers.ts';
export { openParts } from './open-parts.ts';
export type { SubgraphParts } from './open-parts.ts';
export { createSubgraph } from './create-subgraph.ts';
export type { Subgraph, SubgraphOptions } from './create-subgraph.ts';
export { runMigrations, runSeed } from './programs.ts';
