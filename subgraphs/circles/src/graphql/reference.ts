import { isId } from '@banyan/kit/graphql';

/** Another subgraph's thing by its id; null for what is no id of that kind, which then is looked for nowhere. */
export function referenceOf(prefix: string, id: string): { id: string } | null {
  return isId(prefix, id) ? { id } : null;
}
