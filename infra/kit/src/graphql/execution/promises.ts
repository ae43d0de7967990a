export function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Puts a value that is still to come in its place. By `then`: an `await` of each makes it some 30 per cent dearer. */
export function settleIn(
  results: Record<string, unknown>,
  name: string,
  value: Promise<unknown>,
): Promise<void> {
  return value.then((settled) => {
    results[name] = settled;
  });
}

/** Gives a result when all that was waited for has settled in it. */
export function whenAll<Result>(waiting: readonly Promise<void>[], result: Result): Promise<Result> {
  return Promise.all(waiting).then(() => result);
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
