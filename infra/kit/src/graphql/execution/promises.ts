export function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Rejects with an error when what was begun beside it is over. */
export async function rejectAfterAll(others: readonly unknown[], error: unknown): Promise<never> {
  try {
    await Promise.all(others);
  } catch {
    // The first error is the one that is told.
  }
  throw error;
}
