import { join } from 'node:path';
import { findBaseSchema, findBreakingChanges, readAccepted } from './breaking-changes.ts';
import { composeSubgraphs } from './compose.ts';
import { checkOperations } from './operations.ts';
import { findDifferences, planFiles, writeFiles } from './schema-files.ts';
import { SchemaFailure } from './schema-failure.ts';
import { printSubgraphs } from './subgraphs.ts';

export interface BuildOptions {
  /** Folder of the repository. */
  root: string;
  /** Write nothing; fail where a file differs. */
  check: boolean;
  /** Revision whose API schema clients know; the last committed one where it is not given. */
  base?: string | undefined;
  print(line: string): void;
}

const acceptedPath = 'schema/accepted-breaking-changes.json';

async function checkBreakingChanges(options: BuildOptions, api: string): Promise<void> {
  const old = findBaseSchema(options.root, api, options.base);
  if (old === undefined) {
    options.print('There is no committed API schema to compare with.');
    return;
  }
  const breaking = await findBreakingChanges(old, api, readAccepted(join(options.root, acceptedPath)));
  if (breaking.length === 0) return;
  throw new SchemaFailure(
    `This breaks clients. Keep what they use and deprecate it, or list the change in ${acceptedPath} with a reason.`,
    breaking.map(({ type, path, message }) => `${type} ${path}: ${message}`),
  );
}

/**
 * Prints every subgraph's schema, composes them, derives the API schema, and writes all of it, or checks that it is
 * written; then checks the example operations and that no client breaks.
 * @throws SchemaFailure with what is wrong.
 */
export async function buildSchemaFiles(options: BuildOptions): Promise<void> {
  const { root } = options;
  const subgraphs = await printSubgraphs(root);
  if (subgraphs.length === 0) options.print('There is no subgraph yet.');
  const composed = subgraphs.length === 0 ? undefined : composeSubgraphs(subgraphs);
  for (const hint of composed?.hints ?? []) options.print(`hint  ${hint}`);

  const files = planFiles(root, subgraphs, composed);
  const differences = findDifferences(root, files);
  if (options.check && differences.length > 0) {
    throw new SchemaFailure('These files are not up to date; "npm run schema" writes them.', differences);
  }
  writeFiles(root, files, differences);
  for (const path of differences) options.print(`wrote ${path}`);

  if (composed === undefined) return;
  checkOperations(join(root, 'schema/operations'), composed.api);
  await checkBreakingChanges(options, composed.api);
  options.print(`The schema of ${subgraphs.map(({ name }) => name).join(', ')} is up to date.`);
}
