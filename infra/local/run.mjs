// Runs a task of the repository: `node infra/local/run.mjs <task> [arguments]`; npm scripts call it.
// Plain JavaScript for the Node that a machine comes with (20 or newer): it installs what is missing, then hands
// over to the Node 26 that was installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const NODE_MAJOR = 26;

/** Programs of a task, one after the other. Arguments go to the first; given any, only the first runs. */
const tasks = {
  start: [['infra/local/src/main.ts']],
  test: [
    ['node_modules/vitest/vitest.mjs', 'run'],
    ['load/src/main.ts', '--seconds', '8', '--campaigns', '2', '--gifts', '1', '--optional'],
  ],
  surge: [['load/src/main.ts']],
  load: [['load/src/main.ts']],
  faults: [['load/src/faults.ts']],
  'bench:donations': [['infra/ledger/bench/donations.ts'], ['subgraphs/campaigns/bench/whole-system.ts']],
  mutants: [['infra/ledger/tools/mutants.ts']],
  schema: [['schema/src/build.ts']],
  'bench:edge': [['gateway/bench/edge.ts']],
  check: [['infra/local/src/check.ts']],
  format: [['node_modules/prettier/bin/prettier.cjs', '--write', '.']],
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const installedMark = join(root, 'node_modules/.banyan-installed');

function fail(message, advice) {
  console.error(`banyan: ${message}\n        ${advice}`);
  process.exit(1);
}

/** A hash of all that decides what is installed. */
function dependencyHash() {
  const below = (folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(folder, name)) : [];
  const packages = [
    '',
    'gateway',
    'schema',
    'schema/vocabulary',
    'load',
    ...below('infra'),
    ...below('subgraphs'),
  ];
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    ...packages.map((each) => join(each, 'package.json')),
  ];
  const hash = createHash('sha256').update(`${PNPM} ${process.platform} ${process.arch}`);
  for (const file of files.filter((each) => existsSync(join(root, each)))) {
    hash.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function installIfNeeded() {
  const hash = dependencyHash();
  if (existsSync(installedMark) && readFileSync(installedMark, 'utf8') === hash) return;
  console.error(`banyan: installing dependencies with ${PNPM} (the first time takes a minute or two)`);
  const command = ['-y', PNPM, 'install', '--frozen-lockfile'];
  const { status, error, signal } = spawnSync('npx', command, { cwd: root, stdio: 'inherit' });
  if (signal) process.exit(130);
  if (error) fail(`npx could not be run (${error.code}).`, 'Install npm, which brings npx, and try again.');
  if (status !== 0) {
    fail(
      'the dependencies could not be installed; the lines above say why.',
      `If it is the network, check \`npm ping\` and try again. By hand: npx ${command.join(' ')}`,
    );
  }
  writeFileSync(installedMark, hash);
}

/** The Node that came with the dependencies, or this one when it is new enough. */
function findNode() {
  const installed = join(root, 'node_modules/.bin/node');
  if (existsSync(installed) && spawnSync(installed, ['--version']).status === 0) return installed;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return process.execPath;
  return fail(
    `Node ${NODE_MAJOR} is needed: this is ${process.version}, and no binary for ${process.platform}-${process.arch} was installed.`,
    `Install Node ${NODE_MAJOR} or newer from https://nodejs.org and try again.`,
  );
}

/** Runs one program; what ends this process ends the program first. */
function run(node, [file, ...parameters]) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } };
  const child = spawn(node, [join(root, file), ...parameters], options);
  // Ctrl-C in a terminal reaches the program by itself; a signal sent to this process alone does not.
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const each of signals) process.on(each, forward);
  return new Promise((resolve) => {
    child.on('error', (error) =>
      fail(`${node} could not be run (${error.code}).`, 'Remove node_modules and try again.'),
    );
    child.on('exit', (code, signal) => {
      for (const each of signals) process.off(each, forward);
      resolve(signal ? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0) : code);
    });
  });
}

const [name, ...given] = process.argv.slice(2);
const parameters = given[0] === '--' ? given.slice(1) : given;
const programs = tasks[name];
if (!programs) fail(`there is no task "${name ?? ''}".`, `Tasks: ${Object.keys(tasks).join(', ')}`);
installIfNeeded();
const node = findNode();
for (const [file, ...fixed] of parameters.length > 0 ? programs.slice(0, 1) : programs) {
  const code = await run(node, [file, ...fixed, ...parameters]);
  if (code !== 0) process.exit(code);
}
