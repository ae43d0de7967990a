import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { LocalProblem } from './local-problem.ts';

/** The k6 that is built when the machine has none. */
export const K6_VERSION = 'v1.8.1';

/** Where to look for k6, and how to say what is going on. */
export interface FindK6Options {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Receives a line at a time while k6 is being built. */
  readonly log: (line: string) => void;
}

/**
 * The path of a k6: the one on PATH, else the one built earlier, else one that is built now with Go (some two minutes
 * on two cores, once). Throws a `LocalProblem` that lists the ways to get k6 when there is none and no Go either.
 */
export async function findK6(options: FindK6Options): Promise<string> {
  const { environment } = options;
  const found = findOnPath('k6', environment);
  if (found) return found;
  const folder = join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'banyan', 'bin');
  const cached = join(folder, 'k6');
  if (isExecutable(cached)) return cached;
  const go = findOnPath('go', environment);
  if (!go) throw missing('k6 is not on PATH, and neither is Go, which could build it.');
  await build(go, folder, options);
  return cached;
}

/** Builds beside the place and moves it there, so that an interrupted build leaves none by halves. */
async function build(go: string, folder: string, options: FindK6Options): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, 'build-'));
  options.log(`building k6 ${K6_VERSION} with Go into ${folder}; this takes a few minutes, once`);
  const startedAtMs = performance.now();
  const progress = setInterval(() => {
    options.log(`still building k6 (${Math.round((performance.now() - startedAtMs) / 1_000)} s)`);
  }, 15_000);
  try {
    const { code, lastLine } = await runGo(go, draft, options);
    if (code !== 0) throw missing(`k6 could not be built (go install ended with ${code}: ${lastLine}).`);
    renameSync(join(draft, 'k6'), join(folder, 'k6'));
    options.log('k6 is built');
  } finally {
    clearInterval(progress);
    rmSync(draft, { recursive: true, force: true });
  }
}

async function runGo(
  go: string,
  folder: string,
  options: FindK6Options,
): Promise<{ code: number | null; lastLine: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; lastLine: string }>();
  const child = spawn(go, ['install', `go.k6.io/k6@${K6_VERSION}`], {
    env: { ...options.environment, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let lastLine = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastLine = text.trim().split('\n').at(-1) ?? lastLine;
    options.log(lastLine);
  });
  child.once('error', reject);
  child.once('close', (code) => {
    resolve({ code, lastLine });
  });
  return promise;
}

function findOnPath(
  program: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missing(reason: string): LocalProblem {
  return new LocalProblem(
    reason,
    [
      'One of these brings it:',
      '  brew install k6                          (macOS)',
      '  https://grafana.com/docs/k6/latest/set-up/install-k6/   (packages for every system)',
      '  install Go 1.24 or newer and run this again: it builds k6 by itself',
    ].join('\n        '),
  );
}
