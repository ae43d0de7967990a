import { defineConfig } from 'vitest/config';

const packages = {
  kit: 'infra/kit',
  ledger: 'infra/ledger',
  payments: 'infra/payments',
  seed: 'infra/seed',
  sandbox: 'infra/sandbox',
  local: 'infra/local',
  gateway: 'gateway',
  schema: 'schema',
  vocabulary: 'schema/vocabulary',
  load: 'load',
  users: 'subgraphs/users',
  courses: 'subgraphs/courses',
  campaigns: 'subgraphs/campaigns',
  insurance: 'subgraphs/insurance',
  circles: 'subgraphs/circles',
};

export default defineConfig({
  test: {
    // PostgreSQL and Redis once for the whole run, whichever projects take part.
    globalSetup: ['infra/kit/src/testing/global-setup.ts'],
    maxWorkers: 2,
    projects: Object.entries(packages).map(([name, root]) => ({
      test: {
        name,
        root,
        include: ['test/**/*.test.ts'],
        testTimeout: 20_000,
        hookTimeout: 60_000,
      },
    })),
  },
});
