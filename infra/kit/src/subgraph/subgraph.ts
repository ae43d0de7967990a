export { refuseSandboxInProduction, subgraphSettings } from './settings.ts';
export type { SubgraphConfig } from './settings.ts';
export { createSubgraph } from './create-subgraph.ts';
export type { Subgraph, SubgraphOptions } from './create-subgraph.ts';
export { runMigrations, runSeed } from './programs.ts';
