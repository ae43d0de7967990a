/** What stands between a service and PostgreSQL: breaks connections, leads them elsewhere. For fault runs and tests. */
export { startCuttingProxy } from './cutting-proxy.ts';
export type { CuttingProxy, CutMoment } from './cutting-proxy.ts';
export { startSwitchingProxy } from './switching-proxy.ts';
export type { SwitchingProxy } from './switching-proxy.ts';
