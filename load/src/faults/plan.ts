import { createHash } from 'node:crypto';
import { repertoire, type FaultKind, type PlannedFault } from './repertoire.ts';

/** Numbers from 0 to below 1 that are always the same for the same seed: SHA-256 of seed and place. */
function createChance(seed: string): () => number {
  let place = 0;
  return () => {
    place += 1;
    return createHash('sha256').update(`${seed}\n${place}`).digest().readUInt32BE(0) / 2 ** 32;
  };
}

/** Fisher and Yates. */
function shuffle<Item>(items: readonly Item[], chance: () => number): Item[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as Item, shuffled[last] as Item];
  }
  return shuffled;
}

const minFrozenMs = 300;
const maxFrozenMs = 2_500;
const maxCalls = 3;

/**
 * A fault for each round, always the same for the same seed. Kinds are dealt like cards, so that every kind has its turn
 * before one comes again.
 */
export function planFaults(options: {
  seed: string;
  rounds: number;
  roundMs: number;
  kinds?: readonly FaultKind[];
}): PlannedFault[] {
  const { rounds, roundMs, kinds = repertoire } = options;
  const chance = createChance(options.seed);
  let deck: FaultKind[] = [];
  return Array.from({ length: rounds }, (_each, round) => {
    if (deck.length === 0) deck = shuffle(kinds, chance);
    const dealt = deck.pop() as FaultKind;
    return {
      kind: dealt,
      atMs: Math.round(roundMs * (round + 0.15 + 0.35 * chance())),
      forMs: Math.round(minFrozenMs + (maxFrozenMs - minFrozenMs) * chance()),
      calls: 1 + Math.floor(maxCalls * chance()),
    };
  });
}

/** One line for each fault, as it is printed and can be compared. */
export function renderPlan(faults: readonly PlannedFault[]): string[] {
  return faults.map(({ kind, atMs, forMs, calls }, index) => {
    const detail = ['freeze', 'pause', 'fill'].includes(kind.action)
      ? ` for ${forMs} ms`
      : kind.action.startsWith('cut')
        ? `, ${calls} calls`
        : '';
    return `  ${String(index + 1).padStart(3)}.  ${(atMs / 1_000).toFixed(2).padStart(7)} s  ${kind.name}${detail}`;
  });
}

/** Cuts a plan into parts that are loaded and judged one after the other; each begins its own time. */
export function legsOf(
  faults: readonly PlannedFault[],
  options: { roundsPerLeg: number; roundMs: number; marginMs: number },
): PlannedFault[][] {
  const { roundsPerLeg, roundMs, marginMs } = options;
  const legs: PlannedFault[][] = [];
  for (let first = 0; first < faults.length; first += roundsPerLeg) {
    const leg = faults.slice(first, first + roundsPerLeg);
    legs.push(leg.map((fault) => ({ ...fault, atMs: fault.atMs - first * roundMs + marginMs })));
  }
  return legs;
}
