/** What stands between a service and PostgreSQL: breaks connections on order. For fault runs and tests. */
export { startCuttingProxy } from './cutting-proxy.ts';
export type { CuttingProxy, CutMoment } from './cutting-proxy.ts';
