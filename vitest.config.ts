import { basename } from 'node:path';
import { globSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const folders = globSync(['gateway', 'schema', 'schema/vocabulary', 'load', 'infra/*', 'subgraphs/*'], {
  cwd: import.meta.dirname,
});

/** One project per package, named after its folder: `vitest run --project campaigns`. */
export default defineConfig({
  test: {
    globalSetup: 'infra/kit/src/testing/global-setup.ts',
    projects: folders.map((folder) => ({
      test: { name: basename(folder), root: folder, include: ['test/**/*.test.ts'] },
    })),
  },
});
