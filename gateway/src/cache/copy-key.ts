import { createHash } from 'node:crypto';
import { pickLanguage } from '@banyan/kit/hop';
import type { CopyableFetch, FetchRequest } from '../engine/subgraph-call.ts';

/** Longer representations stand in keys by their hash. */
const maxEntityCharacters = 100;

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * The same key stands for the same question, kept by the same rules. The rules are part of it, so that a request which began on
 * another version of the graph and goes on beside this one cannot mix its copies with these.
 */
export function keyOf(
  request: FetchRequest,
  { maxAgeSeconds, isFlat, variables }: CopyableFetch,
  language: string | undefined,
): string {
  const rules = `${maxAgeSeconds} ${isFlat}`;
  return hashOf([request.subgraph, pickLanguage(language), rules, request.head, variables].join('\n'));
}

/** A key for each entity that is asked for. What they have in common is hashed once: a list asks for dozens, at a microsecond each. */
export function entityKeysOf(questionKey: string, entities: readonly string[]): string[] {
  return entities.map(
    (entity) => questionKey + (entity.length <= maxEntityCharacters ? entity : hashOf(entity)),
  );
}
