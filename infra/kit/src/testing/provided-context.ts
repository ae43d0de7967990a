declare module 'vitest' {
  /** What the global setup tells the test files. */
  export interface ProvidedContext {
    banyanRunId: string;
    banyanPostgresUrl: string;
    /** Null when the machine has no Redis. */
    banyanRedisUrl: string | null;
  }
}

export {};
