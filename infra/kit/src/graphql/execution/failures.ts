import { locatedError, responsePathAsArray, type GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { FieldPlan, ValuePlan } from './plan.ts';

export type Path = GraphQLResolveInfo['path'];

/** The errors of one run, and the places that they have made null. */
export class Failures {
  readonly errors: GraphQLError[] = [];
  /** What happens below them later is nobody's concern. */
  readonly #nulled = new Set<Path | undefined>();

  /** What failed is null; where it may not be, the error is thrown on to the next field that may be null. */
  nullFor(error: unknown, { isNonNull }: ValuePlan, field: FieldPlan, path: Path): null {
    const located = locatedError(error, field.nodes, responsePathAsArray(path));
    if (isNonNull) throw located;
    this.report(located, path);
    return null;
  }

  /** An error that makes a place null, which is all of the data where there is no path. */
  report(error: GraphQLError, path: Path | undefined): void {
    if (this.#nulled.size > 0) {
      if (this.#nulled.has(undefined)) return;
      for (let above = path; above !== undefined; above = above.prev) if (this.#nulled.has(above)) return;
    }
    this.#nulled.add(path);
    this.errors.push(error);
  }
}

export function placeOf({ parentType, definition }: FieldPlan): string {
  return `${parentType.name}.${definition.name}`;
}

export function nullNotAllowed(field: FieldPlan): Error {
  return new Error(`Cannot return null for non-nullable field ${placeOf(field)}.`);
}
