/** What stands between a service and its stores: breaks connections, leads them elsewhere, slows them. For fault runs and tests. */
export { startCuttingProxy } from './cutting-proxy.ts';
export type { CuttingProxy, CutMoment } from './cutting-proxy.ts';
export { startHoldingProxy } from './holding-proxy.ts';
export type { HoldingProxy } from './holding-proxy.ts';
export { startSwitchingProxy } from './switching-proxy.ts';
export type { SwitchingProxy } from './switching-proxy.ts';
