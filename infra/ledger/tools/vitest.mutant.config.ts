import { join } from 'node:path';
import { defineConfig, mergeConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';
import { mutations } from './mutations/all.ts';

const root = join(import.meta.dirname, '../../..');
const { default: repository } = (await import(join(root, 'vitest.config.ts'))) as { default: ViteUserConfig };
const mutation = mutations[Number(process.env['MUTATION'])];

/** The tests of the repository, with one line of the product replaced while it is loaded: no file is touched. */
const mutant = {
  name: 'mutant',
  enforce: 'pre' as const,
  transform(code: string, id: string): string | undefined {
    if (mutation === undefined || id.split('?')[0] !== join(root, mutation.file)) return undefined;
    return code.replace(mutation.find, () => mutation.replace);
  },
};

// The cache of modules knows files and plugins, not what a plugin was told to do.
const test = { fsModuleCache: false };
const projects = (repository.test?.projects ?? []).map((project) =>
  typeof project === 'object' ? mergeConfig(project, { plugins: [mutant], test }) : project,
);

export default defineConfig({ root, test: { ...repository.test, ...test, projects } });
