/** Looks again and again, one look at a time. */
export interface Looker {
  /** Looks as soon as the gap allows; while a look is under way, once more after it. */
  soon(): void;
  /** Looks no more until the next `soon`. */
  rest(): void;
}

/**
 * Calls `look` `gapMs` after the last one began when there may be news, and else every `pollMs`, as long as it gives true.
 * `look` does not reject.
 */
export function createLooker(options: {
  look: () => Promise<boolean>;
  pollMs: number;
  gapMs: number;
}): Looker {
  const { look, pollMs, gapMs } = options;
  let isLooking = false;
  let again = false;
  let beganAtMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    isLooking = true;
    again = false;
    beganAtMs = performance.now();
    const goesOn = await look();
    isLooking = false;
    if (again) plan(gapMs);
    else if (goesOn) plan(pollMs);
  }

  function plan(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), Math.max(0, beganAtMs + afterMs - performance.now()));
  }

  return {
    soon() {
      if (isLooking) again = true;
      else plan(gapMs);
    },
    rest() {
      again = false;
      clearTimeout(timer);
    },
  };
}
