import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../services.ts';
import { violationOf } from './import-rules.ts';
import type { Import } from './import-rules.ts';

const patterns = ['gateway', 'schema', 'schema/vocabulary', 'load', 'infra/*', 'subgraphs/*'].flatMap(
  (folder) => [`${folder}/src/**/*.ts`, `${folder}/test/**/*.ts`],
);
// Prettier and the lint rules keep imports in these forms.
const importForm =
  /^(?:import|export)\s+(type\s)?[^'"`;]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;

/** Checks that imports go one way only; one line for each that does not. */
const violations = globSync(patterns, { cwd: repositoryRoot }).flatMap((file) =>
  importsOf(file).flatMap((each) => {
    const violation = violationOf(each);
    return violation === undefined ? [] : [`${file}: ${violation}`];
  }),
);
for (const line of violations.toSorted()) process.stdout.write(`${line}\n`);
process.exitCode = violations.length > 0 ? 1 : 0;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(repositoryRoot, file), 'utf8');
  return [...text.matchAll(importForm)].map(([, type, from, bare, dynamic]) => ({
    file,
    specifier: from ?? bare ?? dynamic ?? '',
    isType: type !== undefined,
  }));
}
