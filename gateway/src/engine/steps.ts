import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import { compileFetch, type Fetch, type FetchSource } from './fetch.ts';
import { compilePath, type ResponsePath } from './response-path.ts';

/** What is done in which order to answer an operation. */
export type Step = FetchStep | { kind: 'sequence' | 'parallel'; steps: readonly Step[] };

export interface FetchStep {
  kind: 'fetch';
  fetch: Fetch;
  /** Where the objects are that it adds to. */
  path: ResponsePath;
  /** Whether another fetch of the plan asks the same of entities, which may be the same ones. */
  isRepeated?: boolean;
}

/** The fetch of a subscription that is a stream of its own; null for an operation of another kind. */
export function compilePrimary({ node }: QueryPlan, source: FetchSource): FetchStep | null {
  if (node?.kind !== 'Subscription') return null;
  return { kind: 'fetch', fetch: compileFetch(node.primary, source), path: compilePath([]) };
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

/**
 * Compiles a plan for one outcome of its conditions; of a subscription, what runs over each event.
 * @returns null when there is nothing to fetch.
 */
export function compileSteps(
  plan: QueryPlan,
  source: FetchSource,
  isTrue: (variable: string) => boolean,
): Step | null {
  function several(
    kind: 'sequence' | 'parallel',
    nodes: readonly PlanNode[],
    path: readonly (string | number)[],
  ) {
    const steps = nodes.map((node) => compile(node, path)).filter((step) => step !== null);
    return steps.length > 1 ? { kind, steps } : (steps[0] ?? null);
  }

  function compile(node: PlanNode, path: readonly (string | number)[]): Step | null {
    switch (node.kind) {
      case 'Fetch':
        return { kind: 'fetch', fetch: compileFetch(node, source), path: compilePath(path) };
      case 'Sequence':
        return several('sequence', node.nodes, path);
      case 'Parallel':
        return several('parallel', node.nodes, path);
      case 'Flatten':
        return compile(node.node, [...path, ...node.path]);
      case 'Condition': {
        const branch = isTrue(node.condition) ? node.ifClause : node.elseClause;
        return branch === undefined ? null : compile(branch, path);
      }
      case 'Defer':
        throw new GraphQLError('@defer is not served here.');
      default:
        return node satisfies never;
    }
  }

  const node = plan.node?.kind === 'Subscription' ? plan.node.rest : plan.node;
  const step = node === undefined ? null : compile(node, []);
  if (step !== null) markRepeated(step);
  return step;
}
