/**
 * Takes the points of the write path out of the product, one at a time, and sees whether the test that is named for it fails:
 * `npm run mutants -- [text of the test's name or number of the point]`. Ends with code 1 when a mutant
 * survives, or when a test fails that nothing was taken out for.
 */
import { startPostgres, startRedis } from '@banyan/kit/embedded';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mutations } from './mutations/all.ts';
import type { Mutation } from './mutations/mutation.ts';

const root = join(import.meta.dirname, '../../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
/** Runs at once. */
const maxRuns = 2;
const maxOutputBytes = 64 * 1024 * 1024;
const execute = promisify(execFile);

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What became of the named tests: those that passed, and those that failed. */
async function run(tests: readonly Mutation['test'][], env: NodeJS.ProcessEnv): Promise<Report> {
  const files = [...new Set(tests.map(({ file }) => file))];
  const names = tests.map(({ name }) => escapeForRegExp(name)).join('|');
  const config = join(import.meta.dirname, 'vitest.mutant.config.ts');
  await using folder = await mkdtempDisposable(join(tmpdir(), 'banyan-mutant-'));
  const reportFile = join(folder.path, 'report.json');
  const report = ['--reporter=json', `--outputFile=${reportFile}`];
  const args = ['run', '--config', config, ...report, '-t', `(${names})$`, ...files];
  // A test that fails ends it with code 1: what it says stands in the report.
  const failed = await execute(process.execPath, [vitest, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    maxBuffer: maxOutputBytes,
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    return JSON.parse(await readFile(reportFile, 'utf8')) as Report;
  } catch {
    throw new Error('vitest left no report', { cause: failed });
  }
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function statusOf(report: Report, { file, name }: Mutation['test']): string | undefined {
  const inFile = report.testResults.find((each) => each.name.endsWith(file));
  return inFile?.assertionResults.find(({ fullName }) => fullName.endsWith(name))?.status;
}

/** Whether what is to be taken out stands in its file exactly once. */
async function stands({ file, find }: Mutation): Promise<boolean> {
  const text = await readFile(join(root, file), 'utf8');
  return text.split(find).length === 2;
}

async function main(wanted: string | undefined): Promise<string[]> {
  const chosen = mutations.flatMap((mutation, index) =>
    wanted === undefined || String(mutation.point) === wanted || mutation.test.name.includes(wanted)
      ? [{ mutation, index }]
      : [],
  );
  if (chosen.length === 0) return [`there is no point and no test "${wanted ?? ''}"`];
  const problems: string[] = [];
  await using servers = new AsyncDisposableStack();
  const postgres = await startPostgres({ fsync: false, maxConnections: 400 });
  servers.defer(() => postgres.stop());
  const redis = await startRedis({ databases: 512 });
  if (redis.kind !== 'server') throw new Error(`${redis.message} ${redis.advice}`);
  servers.defer(() => redis.stop());
  const env = { TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url };

  const tests = chosen.map(({ mutation }) => mutation.test);
  const whole = await run(tests, env);
  for (const test of tests) {
    const status = statusOf(whole, test);
    if (status !== 'passed') problems.push(`${test.file} › ${test.name}: ${status ?? 'not found'} as it is`);
  }
  if (problems.length > 0) return problems;

  const waiting = chosen.values();
  const work = async () => {
    for (const { mutation, index } of waiting) {
      const { point, without, file, test } = mutation;
      const isThere = await stands(mutation);
      const status = isThere
        ? statusOf(await run([test], { ...env, MUTATION: String(index) }), test)
        : 'stale';
      process.stdout.write(
        `${status === 'failed' ? 'killed  ' : 'SURVIVED'} ${point}. without ${without} (${file})\n`,
      );
      if (status !== 'failed')
        problems.push(`${point}. without ${without}: ${test.name}: ${status ?? 'no test'}`);
    }
  };
  await Promise.all(Array.from({ length: maxRuns }, work));
  process.stdout.write(`${chosen.length - problems.length} of ${chosen.length} mutants were killed.\n`);
  return problems;
}

const problems = await main(process.argv[2]);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
