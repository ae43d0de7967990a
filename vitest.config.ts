import { basename } from 'node:path';
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const folders = globSync(['gateway', 'schema', 'schema/vocabulary', 'load', 'infra/*', 'subgraphs/*'], {
  cwd: import.meta.dirname,
});

// Node gives everybody graphql's CommonJS build; Vite would give our own files the other one, and two never mix.
const graphql = createRequire(new URL('infra/kit/package.json', import.meta.url)).resolve('graphql');

/** One project per package, named after its folder: `vitest run --project campaigns`. */
export default defineConfig({
  test: {
    // PostgreSQL and Redis once for the whole run, whichever projects take part.
    globalSetup: 'infra/kit/src/testing/global-setup.ts',
    maxWorkers: 2,
    projects: folders.map((folder) => ({
      resolve: { alias: [{ find: /^graphql$/, replacement: graphql }] },
      test: {
        name: basename(folder),
        root: folder,
        include: ['test/**/*.test.ts'],
        testTimeout: 20_000,
        hookTimeout: 60_000,
      },
    })),
  },
});
