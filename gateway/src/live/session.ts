/** A client's connection that waits for news. */
export interface Session {
  /** Called every second: whoever does not read for too long is dropped. */
  check(nowMs: number): void;
  /** Shows that the edge is there; drops who has not shown the same since the last time, where the transport can tell. */
  ping(): void;
  /** Ends it so that the client comes back, to another process. */
  goAway(): void;
}

const checkEveryMs = 1_000;

/** All sessions of this process. */
export interface Sessions {
  readonly isDraining: boolean;
  add(session: Session): void;
  remove(session: Session): void;
  /** Sends everybody away; who comes later is sent away at once. */
  drain(): void;
}

/** Keeps the clocks of all sessions: two timers, however many there are. */
export function createSessions(pingMs: number): Sessions {
  const sessions = new Set<Session>();
  const checking = setInterval(() => {
    const nowMs = performance.now();
    for (const session of sessions) session.check(nowMs);
  }, checkEveryMs).unref();
  const pinging = setInterval(() => {
    for (const session of sessions) session.ping();
  }, pingMs).unref();
  let isDraining = false;
  return {
    get isDraining() {
      return isDraining;
    },
    add(session) {
      sessions.add(session);
      if (isDraining) session.goAway();
    },
    remove(session) {
      sessions.delete(session);
    },
    drain() {
      isDraining = true;
      clearInterval(checking);
      clearInterval(pinging);
      for (const session of sessions) session.goAway();
    },
  };
}
