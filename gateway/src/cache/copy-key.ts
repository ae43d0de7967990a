import { createHash } from 'node:crypto';
import { pickLanguage } from '@banyan/kit/hop';
import type { CopyableFetch, FetchRequest } from '../engine/subgraph-call.ts';

/**
 * The same key stands for the same question, kept by the same rules. The rules are part of it, so that a request which began on
 * another version of the graph and goes on beside this one cannot mix its copies with these.
 */
export function keyOf(
  request: FetchRequest,
  copyable: CopyableFetch,
  language: string | undefined,
  entity: string,
): string {
  const { maxAgeSeconds, isFlat, variables } = copyable;
  const rules = `${maxAgeSeconds} ${isFlat}`;
  const parts = [request.subgraph, pickLanguage(language), rules, request.head, variables, entity];
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}
