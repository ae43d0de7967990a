/** A TCP proxy that breaks connections on order: for fault runs and tests. */
export { startCuttingProxy } from './cutting-proxy.ts';
export type { CuttingProxy, CutMoment } from './cutting-proxy.ts';
