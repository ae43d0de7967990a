import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contracts } from '@banyan/kit/contracts';
import { contractPath, type ContractSdl } from './contract-files.ts';

/** Files of the schema by their path below the repository, with what they should hold; undefined: should not be there. */
export type SchemaFiles = ReadonlyMap<string, string | undefined>;

const sdlFolder = 'schema/sdl';

/** What should be on disk, a printed schema of a subgraph that is no more included. */
export function planFiles(
  root: string,
  sdl: readonly { name: string; sdl: string }[],
  composed: { supergraph: string; contracts: ContractSdl; manifest: string } | undefined,
): SchemaFiles {
  const files = new Map<string, string | undefined>();
  const there = existsSync(join(root, sdlFolder)) ? readdirSync(join(root, sdlFolder)) : [];
  for (const file of there.filter((name) => name.endsWith('.graphql')))
    files.set(`${sdlFolder}/${file}`, undefined);
  for (const { name, sdl: text } of sdl) files.set(`${sdlFolder}/${name}.graphql`, text);
  files.set('schema/supergraph.graphql', composed?.supergraph);
  for (const contract of contracts) files.set(contractPath(contract), composed?.contracts[contract]);
  files.set('schema/manifest.json', composed?.manifest);
  return files;
}

/** Paths of the files that are not as they should be. */
export function findDifferences(root: string, files: SchemaFiles): string[] {
  return [...files]
    .filter(([path, text]) => {
      const onDisk = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
      return onDisk !== text;
    })
    .map(([path]) => path);
}

/** Writes, or removes, the files at these paths. */
export function writeFiles(root: string, files: SchemaFiles, paths: readonly string[]): void {
  for (const path of paths) {
    const text = files.get(path);
    const target = join(root, path);
    if (text === undefined) {
      rmSync(target, { force: true });
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
