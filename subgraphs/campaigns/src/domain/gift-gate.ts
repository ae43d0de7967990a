/** This process works on as many gifts as it may. Nothing has happened. */
export class GateFull extends Error {
  override readonly name = 'GateFull';
}

/** Bounds the gifts that a process works on at once, before any of them has left a trace. */
export interface GiftGate {
  /** @throws GateFull */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createGiftGate(maxGiftsInFlight: number): GiftGate {
  let inFlight = 0;
  return {
    async run(work) {
      if (inFlight >= maxGiftsInFlight) throw new GateFull('too many gifts are under way');
      inFlight += 1;
      try {
        return await work();
      } finally {
        inFlight -= 1;
      }
    },
  };
}
