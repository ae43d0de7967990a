/** What stands between two processes: breaks connections on order, spreads them. For fault runs and tests. */
export { startBalancer } from './balancer.ts';
export type { Balancer } from './balancer.ts';
export { startCuttingProxy } from './cutting-proxy.ts';
export type { CuttingProxy, CutMoment } from './cutting-proxy.ts';
