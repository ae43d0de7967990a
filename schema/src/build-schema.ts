import { join } from 'node:path';
import { contracts, type Contract } from '@banyan/kit/contracts';
import { findBaseSchema, findBreakingChanges, readAccepted } from './breaking-changes.ts';
import { composeSubgraphs } from './compose.ts';
import { contractPath, printContracts, type ContractSdl } from './contract-files.ts';
import { printManifest } from './manifest.ts';
import { readOperations } from './operations.ts';
import { findDifferences, planFiles, writeFiles } from './schema-files.ts';
import { SchemaFailure } from './schema-failure.ts';
import { printSubgraphs, type SubgraphSdl } from './subgraphs.ts';

export interface BuildOptions {
  /** Folder of the repository. */
  root: string;
  /** Write nothing; fail where a file differs. */
  check: boolean;
  /** Revision whose schemas clients know; the last committed one where it is not given. */
  base?: string | undefined;
  print(line: string): void;
}

const acceptedPath = 'schema/accepted-breaking-changes.json';

async function breakingChangesOf(options: BuildOptions, contract: Contract, api: string): Promise<string[]> {
  const path = contractPath(contract);
  const old = findBaseSchema(options.root, path, api, options.base);
  if (old === undefined) {
    options.print(`There is no committed ${path} to compare with.`);
    return [];
  }
  const breaking = await findBreakingChanges(old, api, readAccepted(join(options.root, acceptedPath)));
  return breaking.map((change) => `${contract}: ${change.type} ${change.path}: ${change.message}`);
}

async function checkBreakingChanges(options: BuildOptions, sdl: ContractSdl): Promise<void> {
  const found = await Promise.all(contracts.map((each) => breakingChangesOf(options, each, sdl[each])));
  const breaking = found.flat();
  if (breaking.length === 0) return;
  throw new SchemaFailure(
    `This breaks clients. Keep what they use and deprecate it, or list the change in ${acceptedPath} with a reason.`,
    breaking,
  );
}

/** Everything that follows from the subgraphs' schemas. */
function derive(root: string, subgraphs: readonly SubgraphSdl[]) {
  const { supergraph, hints } = composeSubgraphs(subgraphs);
  const sdl = printContracts(supergraph);
  const operations = readOperations(join(root, 'schema/operations'), sdl.public);
  return { supergraph, hints, contracts: sdl, manifest: printManifest(operations) };
}

/**
 * Prints every subgraph's schema, composes them, derives what each contract shows and the manifest of operations, and
 * writes all of it, or checks that it is written; then checks that no client breaks.
 * @throws SchemaFailure with what is wrong.
 */
export async function buildSchemaFiles(options: BuildOptions): Promise<void> {
  const { root } = options;
  const subgraphs = await printSubgraphs(root);
  if (subgraphs.length === 0) options.print('There is no subgraph yet.');
  const composed = subgraphs.length === 0 ? undefined : derive(root, subgraphs);
  for (const hint of composed?.hints ?? []) options.print(`hint  ${hint}`);

  const files = planFiles(root, subgraphs, composed);
  const differences = findDifferences(root, files);
  if (options.check && differences.length > 0) {
    throw new SchemaFailure('These files are not up to date; "npm run schema" writes them.', differences);
  }
  writeFiles(root, files, differences);
  for (const path of differences) options.print(`wrote ${path}`);

  if (composed === undefined) return;
  await checkBreakingChanges(options, composed.contracts);
  options.print(`The schema of ${subgraphs.map(({ name }) => name).join(', ')} is up to date.`);
}
