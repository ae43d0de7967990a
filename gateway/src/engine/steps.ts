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
}

/**
 * Compiles a plan for one outcome of its conditions.
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

  if (plan.node === undefined) return null;
  // The primary fetch of a subscription is a stream of its own, and its rest runs over each event: neither is here yet.
  if (plan.node.kind === 'Subscription') throw new GraphQLError('Subscriptions are not served here.');
  return compile(plan.node, []);
}
