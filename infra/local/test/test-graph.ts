import { startSystem, type System } from '../src/system.ts';
import { askGraph, signInBySms, type GraphAnswer } from './graph-client.ts';

const donorPhone = '+8613800000001';

/** The graph of a whole system with its seed data, and a donor who has signed in. */
export interface TestGraph {
  readonly system: System;
  /** The donor's access token. */
  readonly donor: string;
  /** Asks through the gateway; without a token, as anybody. */
  readonly ask: <Data>(query: string, variables?: object, token?: string) => Promise<GraphAnswer<Data>>;
  stop(): Promise<void>;
}

/** Starts the system on free ports. */
export async function startTestGraph(): Promise<TestGraph> {
  // Longer lists are asked for here than the costs of clients allow.
  const settings = { gateway: { MAX_COST: '100000', QUOTA_APP_COST_PER_MINUTE: '100000' } };
  const system = await startSystem({ basePort: 0, fsync: false, environment: process.env, settings });
  try {
    return {
      system,
      donor: await signInBySms(system, donorPhone),
      ask: async (query, variables = {}, token) => askGraph(system, query, variables, token),
      stop: async () => system.stop(),
    };
  } catch (error) {
    await system.stop();
    throw error;
  }
}
