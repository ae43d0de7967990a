import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import { PlannedAdditions, type Additions } from './additions.ts';
import { compileFetch, type Fetch, type FetchSource } from './fetch.ts';
import { compilePath, type ResponsePath } from './response-path.ts';

/** What is done in which order to answer an operation. */
export type Step = FetchStep | { kind: 'sequence' | 'parallel'; steps: readonly Step[] };

export interface FetchStep {
  kind: 'fetch';
  fetch: Fetch;
  /** Where the objects are that it adds to. */
  path: ResponsePath;
  /** What other fetches add below these objects. */
  additions: Additions;
  /** Whether another fetch of the plan asks the same of entities, which may be the same ones. */
  isRepeated?: boolean;
}

/** What is done for one outcome of an operation's conditions. */
export interface Steps {
  /** The fetch of a subscription that is a stream of its own; null for an operation of another kind. */
  primary: FetchStep | null;
  /** The rest, of a subscription for each event; null when there is nothing more to fetch. */
  step: Step | null;
}

function* fetchesOf(step: Step): Generator<FetchStep> {
  if (step.kind === 'fetch') yield step;
  else for (const each of step.steps) yield* fetchesOf(each);
}

/** Not in a mutation, each of whose fields is to see what the one before it has done. */
function markRepeated(step: Step): void {
  const fetches = [...fetchesOf(step)];
  if (fetches.some(({ fetch }) => fetch.isMutation)) return;
  const bySameKey = Map.groupBy(fetches, ({ fetch }) => fetch.sameKey);
  for (const same of bySameKey.values()) for (const each of same) each.isRepeated = same.length > 1;
}

/** Compiles a plan for one outcome of its conditions. */
export function compileSteps(
  { node }: QueryPlan,
  source: FetchSource,
  isTrue: (variable: string) => boolean,
): Steps {
  const additions = new PlannedAdditions();

  function compileFetchStep(fetch: FetchNode, elements: readonly (string | number)[]): FetchStep {
    const path = compilePath(elements);
    return { kind: 'fetch', fetch: compileFetch(fetch, source), path, additions: additions.at(path) };
  }

  function several(
    kind: 'sequence' | 'parallel',
    nodes: readonly PlanNode[],
    path: readonly (string | number)[],
  ) {
    const steps = nodes.map((each) => compile(each, path)).filter((step) => step !== null);
    return steps.length > 1 ? { kind, steps } : (steps[0] ?? null);
  }

  function compile(each: PlanNode, path: readonly (string | number)[]): Step | null {
    switch (each.kind) {
      case 'Fetch':
        return compileFetchStep(each, path);
      case 'Sequence':
        return several('sequence', each.nodes, path);
      case 'Parallel':
        return several('parallel', each.nodes, path);
      case 'Flatten':
        return compile(each.node, [...path, ...each.path]);
      case 'Condition': {
        const branch = isTrue(each.condition) ? each.ifClause : each.elseClause;
        return branch === undefined ? null : compile(branch, path);
      }
      case 'Defer':
        throw new GraphQLError('@defer is not served here.');
      default:
        return each satisfies never;
    }
  }

  const primary = node?.kind === 'Subscription' ? compileFetchStep(node.primary, []) : null;
  const rest = node?.kind === 'Subscription' ? node.rest : node;
  const step = rest === undefined ? null : compile(rest, []);
  if (step !== null) markRepeated(step);
  return { primary, step };
}
