import type { CopyPolicy } from './copy-rules.ts';

/** An error in a subgraph's answer, in the words that the client may read. */
export interface FetchError {
  message: string;
  /** As the subgraph gave it; without one the whole fetch failed. */
  path?: readonly (string | number)[] | undefined;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** What came of a fetch, for reading: others may have the same. A fetch that failed has no data and an error without a path. */
export interface FetchAnswer {
  data?: Readonly<Record<string, unknown>> | null | undefined;
  errors?: readonly FetchError[] | undefined;
  /** What the data shows, when it was asked for: objects of the graph by type and key. */
  dependencies?: readonly string[] | undefined;
}

/** A fetch of what is the same for everybody, cut so that each part can be kept by itself. */
export interface CopyableFetch extends CopyPolicy {
  /** JSON text of the members of the variables, without the entities. */
  variables: string;
  /** JSON text of each entity's representation; null for a fetch from the root. */
  entities: readonly string[] | null;
}

/** An operation for a subgraph as it travels. */
export interface FetchRequest {
  subgraph: string;
  isMutation: boolean;
  /** JSON text of query and operation name, without the closing brace: members may follow. */
  head: string;
  /** JSON text of the variables, an object; undefined when there are none. */
  variables: string | undefined;
  /** Present when its answer may be a copy. */
  copyable?: CopyableFetch | undefined;
  /** Whether the answer is to say what it shows. */
  wantsDependencies?: boolean;
}

/** Sends an operation to its subgraph. It always answers: a failure is an answer too. */
export type CallSubgraph<Context> = (request: FetchRequest, context: Context) => Promise<FetchAnswer>;
