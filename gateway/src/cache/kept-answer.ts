import type { Answer } from '../graph/run-operation.ts';
import type { ChangeLog } from './change-log.ts';
import type { Copy } from './copy.ts';
import { objectBytes, textBytes } from './memory.ts';
import { writePosition, type Position } from './position.ts';

/** Objects of one subgraph that an answer shows, as they were at one position. */
interface Dependency {
  readonly subgraph: string;
  readonly objects: ReadonlySet<string>;
  readonly position: Position;
  /** The news of the log when they were last looked at, and none of them had changed. */
  lookedAtNews: Position | undefined;
}

/** Of the copies no more than what is needed to tell whether they are good: their values are in the answer. */
function dependenciesOf(copies: readonly Copy[]): Dependency[] {
  const byPlace = new Map<string, Dependency & { objects: Set<string> }>();
  for (const { subgraph, objects, position } of copies) {
    const place = `${subgraph} ${writePosition(position)}`;
    let dependency = byPlace.get(place);
    if (dependency === undefined) {
      dependency = { subgraph, objects: new Set(), position, lookedAtNews: undefined };
      byPlace.set(place, dependency);
    }
    for (const object of objects) dependency.objects.add(object);
  }
  return [...byPlace.values()];
}

/** An answer that was put together from copies alone. It is good while all of them are. */
export class KeptAnswer {
  readonly answer: Answer;
  /** Of memory, at most. */
  readonly bytes: number;
  readonly #dependencies: readonly Dependency[];
  readonly #expiresAtMs: number;

  constructor(answer: Answer, copies: readonly Copy[]) {
    this.#expiresAtMs = Math.min(...copies.map(({ expiresAtMs }) => expiresAtMs));
    this.answer = { ...answer, sharedUntilMs: this.#expiresAtMs };
    this.#dependencies = dependenciesOf(copies);
    this.bytes = objectBytes + textBytes(answer.body);
    for (const { objects } of this.#dependencies) {
      this.bytes += objectBytes;
      for (const object of objects) this.bytes += textBytes(object);
    }
  }

  /** Whether it may be told now. Its objects are looked at once for each news of their subgraph, not once for each request. */
  isGood(changesOf: (subgraph: string) => ChangeLog | undefined): boolean {
    if (this.#expiresAtMs <= Date.now()) return false;
    for (const dependency of this.#dependencies) {
      const changes = changesOf(dependency.subgraph);
      if (changes === undefined) return false;
      if (dependency.lookedAtNews === changes.news) continue;
      if (!changes.isUnchanged(dependency.objects, dependency.position)) return false;
      dependency.lookedAtNews = changes.news;
    }
    return true;
  }
}
