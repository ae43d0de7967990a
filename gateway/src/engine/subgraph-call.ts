/** An error in a subgraph's answer, in the words that the client may read. */
export interface FetchError {
  message: string;
  /** As the subgraph gave it; without one the whole fetch failed. */
  path?: readonly (string | number)[] | undefined;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** What came of a fetch. A fetch that failed has no data and an error without a path. */
export interface FetchAnswer {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly FetchError[] | undefined;
}

/** An operation for a subgraph as it travels. */
export interface FetchRequest {
  subgraph: string;
  isMutation: boolean;
  /** JSON text of query and operation name, without the closing brace: members may follow. */
  head: string;
  /** JSON text of the variables, an object; undefined when there are none. */
  variables: string | undefined;
}

/** Sends an operation to its subgraph. It always answers: a failure is an answer too. */
export type CallSubgraph<Context> = (request: FetchRequest, context: Context) => Promise<FetchAnswer>;
