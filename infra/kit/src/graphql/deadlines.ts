interface Waiting {
  atMs: number;
  expire: () => void;
}

/**
 * Watches over the deadlines of all that is under way with one timer: nearly everything is done long before its deadline, so
 * a timer each would be set for nothing.
 */
export function createDeadlines() {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let wakesAtMs = Number.POSITIVE_INFINITY;

  function wakeAt(atMs: number): void {
    clearTimeout(timer);
    wakesAtMs = atMs;
    // What is under way keeps the process alive by itself.
    timer = setTimeout(wake, Math.max(0, atMs - Date.now())).unref();
  }

  function wake(): void {
    const nowMs = Date.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const each of waiting) {
      if (each.atMs > nowMs) nextMs = Math.min(nextMs, each.atMs);
      else each.expire();
    }
    wakesAtMs = Number.POSITIVE_INFINITY;
    if (nextMs !== Number.POSITIVE_INFINITY) wakeAt(nextMs);
  }

  return {
    /** Resolves with what `onLate` gives when the deadline passes before `work` is done. */
    within<Value>(atMs: number, work: Promise<Value>, onLate: () => Value): Promise<Value> {
      return new Promise((resolve, reject) => {
        const own: Waiting = {
          atMs,
          expire: () => {
            waiting.delete(own);
            resolve(onLate());
          },
        };
        waiting.add(own);
        if (atMs < wakesAtMs) wakeAt(atMs);
        work.then(
          (value) => {
            waiting.delete(own);
            resolve(value);
          },
          (error: Error) => {
            waiting.delete(own);
            reject(error);
          },
        );
      });
    },
  };
}
