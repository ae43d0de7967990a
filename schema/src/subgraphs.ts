import { spawn } from 'node:child_process';
import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { SchemaFailure } from './schema-failure.ts';

export interface SubgraphSdl {
  name: string;
  sdl: string;
}

const printTimeoutMs = 60_000;

/** Names of the subgraphs that have a schema to print, in order. */
function findSubgraphs(root: string): string[] {
  const folder = join(root, 'subgraphs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'src/sdl.ts')))
    .sort();
}

function printSdl(root: string, name: string): Promise<SubgraphSdl> {
  const program = join('subgraphs', name, 'src/sdl.ts');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: printTimeoutMs,
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 && said.stdout.trim() !== '') resolve({ name, sdl: `${said.stdout.trim()}\n` });
      else
        reject(
          new SchemaFailure(`${name}: ${program} did not print a schema.`, [
            said.stderr.trim() || `It ended with code ${code}.`,
          ]),
        );
    });
  });
}

/**
 * The SDL of every subgraph, printed by its own program, all at once.
 * @throws SchemaFailure with what the program said.
 */
export function printSubgraphs(root: string): Promise<SubgraphSdl[]> {
  return Promise.all(findSubgraphs(root).map((name) => printSdl(root, name)));
}
