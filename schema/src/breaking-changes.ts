import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { SchemaFailure } from './schema-failure.ts';

/** A change that breaks clients, as schema/accepted-breaking-changes.json names it. */
export interface BreakingChange {
  /** What happened, such as `FIELD_REMOVED`. */
  type: string;
  /** To what, such as `Query.campaign`. */
  path: string;
}

function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 32 * 1_024 * 1_024,
    });
  } catch {
    return undefined;
  }
}

/**
 * The schema at `path` that clients know: as of `base` where one is given, else as last committed. Where the last commit
 * brought the schema that is being checked, the one before it: a breaking change is found after it was committed, too.
 * @returns undefined where there is none, such as in a first commit or outside of git.
 */
export function findBaseSchema(
  root: string,
  path: string,
  current: string,
  base: string | undefined,
): string | undefined {
  if (base !== undefined) return git(root, 'show', `${base}:${path}`);
  const committed = git(root, 'show', `HEAD:${path}`);
  if (committed !== current) return committed;
  const before = git(root, 'log', '--format=%H', '-n', '2', '--', path)?.trim().split('\n')[1];
  return before === undefined ? undefined : git(root, 'show', `${before}:${path}`);
}

function isEntry(value: unknown): value is BreakingChange & { reason: string } {
  return ['type', 'path', 'reason'].every((name) => {
    const text: unknown = (value as Record<string, unknown> | null)?.[name];
    return typeof text === 'string' && text.trim() !== '';
  });
}

/**
 * The breaking changes that were accepted, each with a reason.
 * @throws SchemaFailure when the file is not a list of `{ type, path, reason }`.
 */
export function readAccepted(path: string): BreakingChange[] {
  if (!existsSync(path)) return [];
  const problem = new SchemaFailure(
    `${path} takes a list of { "type", "path", "reason" }, none of them empty.`,
  );
  let entries: unknown;
  try {
    entries = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw problem;
  }
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw problem;
  return entries;
}

/** What breaks clients of the old schema in the new one, and was not accepted; each with a sentence. */
export async function findBreakingChanges(
  oldApi: string,
  newApi: string,
  accepted: readonly BreakingChange[],
): Promise<(BreakingChange & { message: string })[]> {
  const changes = await diff(buildSchema(oldApi), buildSchema(newApi));
  return changes
    .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
    .map(({ type, path, message }) => ({ type: String(type), path: path ?? '', message }))
    .filter((change) => !accepted.some(({ type, path }) => type === change.type && path === change.path));
}
