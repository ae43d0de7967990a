import { join } from 'node:path';
import { runSteps } from './check/run-steps.ts';
import type { Step } from './check/run-steps.ts';
import { repositoryRoot } from './services.ts';

const tool = (name: string) => join(repositoryRoot, 'node_modules/.bin', name);
const node = process.execPath;

/** On CI oxlint paints even what goes into a file; this form has no colours. */
const plain = process.stdout.isTTY ? [] : ['--format', 'unix'];

/** The longest first, so that two cores end at about the same time. */
const steps: readonly Step[] = [
  { name: 'types', command: tool('tsc'), args: ['-b', '--pretty', 'false'] },
  { name: 'lint', command: tool('oxlint'), args: ['--type-aware', '--deny-warnings', ...plain] },
  { name: 'format', command: tool('prettier'), args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'schema', command: node, args: ['schema/src/build.ts', '--check'] },
  { name: 'unused', command: tool('knip'), args: ['--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'imports', command: node, args: ['infra/local/src/check/imports.ts'] },
];

const given = process.argv.slice(2);
const unknown = given.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `banyan: no step ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(1);
}
const results = await runSteps(
  steps.filter(({ name }) => given.length === 0 || given.includes(name)),
  {
    cwd: repositoryRoot,
    // Any FORCE_COLOR, even 0, makes some of the tools send colours into a file.
    env: { ...process.env, [process.stdout.isTTY ? 'FORCE_COLOR' : 'NO_COLOR']: '1' },
    concurrency: 2,
    onResult: ({ name, isGood, seconds }) => {
      process.stdout.write(`${isGood ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)} ${seconds.toFixed(1)} s\n`);
    },
  },
);
const failed = results.filter(({ isGood }) => !isGood);
for (const { name, output } of failed) process.stdout.write(`\n--- ${name}\n${output.trimEnd()}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
