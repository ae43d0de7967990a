/** What tests stand on: a real PostgreSQL and Redis per run, a database of their own per file. */
export { describeConformance } from './conformance.ts';
export { countQueries } from './count-queries.ts';
export type { QueryCount } from './count-queries.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase, TestDatabaseOptions } from './test-database.ts';
export { startMailbox } from './mailbox.ts';
export type { Mailbox, Told } from './mailbox.ts';
export { createTestFeed, createTestPeer, serveTestFeed } from './test-feed.ts';
export type { TestFeed, TestFeedServer, TestPeer } from './test-feed.ts';
export { describeWithRedis, hasRedis, testRedis } from './test-redis.ts';
export { createMutations } from './mutations.ts';
export type { Mutations, UserErrors } from './mutations.ts';
export { sharedByTests } from './shared-by-tests.ts';
export { startTestSubgraph, testConfig, testHopKey } from './test-subgraph.ts';
export type { As, AsApp, GraphAnswer, TestStream, TestSubgraph } from './test-subgraph.ts';
