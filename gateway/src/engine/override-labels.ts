interface Label {
  text: string;
  /** Of requests, from 0 to 1. */
  share: number;
}

/** Nothing is on for most supergraphs, and for most requests of the others. */
const none: readonly string[] = [];

/**
 * The labels of a supergraph's progressive overrides, such as `percent(25)`: that share of requests takes the field from the
 * subgraph that overrides, the others from where it was. Labels of another form are never on.
 */
export class OverrideLabels {
  readonly #labels: readonly Label[];

  constructor(supergraphSdl: string) {
    const texts = new Set(
      [...supergraphSdl.matchAll(/overrideLabel: "(percent\((\d+(?:\.\d+)?)\))"/g)].map(
        ([, text = '']) => text,
      ),
    );
    this.#labels = [...texts].toSorted().map((text) => ({ text, share: Number(text.slice(8, -1)) / 100 }));
  }

  /** Those that are on for one request, each drawn by itself. */
  draw(random: () => number): readonly string[] {
    if (this.#labels.length === 0) return none;
    return this.#labels.filter(({ share }) => random() < share).map(({ text }) => text);
  }
}
