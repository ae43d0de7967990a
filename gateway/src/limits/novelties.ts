import { ownValue } from '../engine/json.ts';

/**
 * What it costs in points, besides what it asks for, that an operation comes for the first time: it is checked, validated, planned
 * and compiled then, which takes a millisecond and three hundredths for each field. So a minute's budget of a stranger
 * (120,000 points) buys less than ten seconds of it.
 */
const novelCost = 20;
const novelFieldCost = 1;
/** Outcomes that are remembered of one document; who varies more of them pays for each. */
const maxOutcomes = 64;

/** Something that has not come before. */
export interface Novelty {
  /** In points. */
  readonly cost: number;
  /** It was paid for: from now on it is known. */
  readonly note: () => void;
}

/** What of one document has come before: each of its operations, with each outcome of its conditions. */
export class Novelties {
  readonly #cost: number;
  readonly #conditions: readonly string[];
  readonly #known = new Set<string>();

  /** @param conditions names of the variables that decide over `@skip` and `@include`. */
  constructor(fields: number, conditions: Iterable<string>) {
    this.#cost = novelCost + fields * novelFieldCost;
    this.#conditions = [...conditions];
  }

  /**
   * Null for what has come before.
   * @param operation which of the document's operations it is.
   */
  of(operation: number, variables: Readonly<Record<string, unknown>>): Novelty | null {
    let outcome = `${operation} `;
    for (const name of this.#conditions) outcome += ownValue(variables, name) === true ? '1' : '0';
    if (this.#known.has(outcome)) return null;
    return { cost: this.#cost, note: () => this.#note(outcome) };
  }

  #note(outcome: string): void {
    if (this.#known.size >= maxOutcomes) this.#known.clear();
    this.#known.add(outcome);
  }
}
