import {
  defaultBasePort,
  defaultDataDir,
  findK6,
  findRunningSystem,
  LocalProblem,
  startSystem,
} from '@banyan/local';
import { parseArgs } from 'node:util';
import { GraphUnavailable } from './graph.ts';
import { K6Failed } from './run-k6.ts';
import { surge, type Target } from './surge.ts';

const help = `npm run surge [-- options]
Gives to one hot campaign and many others through the gateway with k6, then proves what became of every gift.

  --url URL            the graph to load (default: the system that npm start runs, else one started for this)
  --database-url URL   database of its campaigns subgraph, for the auditor; needed with --url
  --sandbox-url URL    where sign-in codes can be read; without it all donors are guests
  --seconds N          how long (default 30)
  --rate N             gifts a second at the peak (default 200)
  --optional           where k6 cannot be had, say so and succeed; never so with CI=true
`;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    'database-url': { type: 'string' },
    'sandbox-url': { type: 'string' },
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '200' },
    optional: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new LocalProblem(
      `--${name} takes a whole number from 1 to ${most}, not "${text}".`,
      'See npm run surge -- --help.',
    );
  }
  return number;
}

interface Loaded extends Target {
  stop(): Promise<void>;
}

/** The system named, the one that runs, or one of our own. */
async function findTarget(): Promise<Loaded> {
  const stop = () => Promise.resolve();
  if (values.url !== undefined) {
    if (values['database-url'] === undefined) {
      throw new LocalProblem(
        'The auditor must see the ledger.',
        'Add --database-url with the campaigns database.',
      );
    }
    const graphUrl = new URL('/graphql', values.url).href;
    return { graphUrl, databaseUrl: values['database-url'], sandboxUrl: values['sandbox-url'], stop };
  }
  const running = await findRunningSystem(defaultDataDir);
  if (running !== undefined) {
    say(`Loading the system that runs at ${running.urls['gateway'] ?? `port ${defaultBasePort}`}.`);
    return { ...targetOf(running.urls, running.databases), stop };
  }
  say('No system runs here: starting one for this run.');
  const system = await startSystem({ basePort: 0 });
  return { ...targetOf(system.urls, system.databases), stop: () => system.stop() };
}

function targetOf(
  urls: Readonly<Record<string, string>>,
  databases: Readonly<Record<string, string>>,
): Target {
  const gateway = urls['gateway'];
  const databaseUrl = databases['campaigns'];
  if (gateway === undefined || databaseUrl === undefined)
    throw new Error('The system has no gateway or no campaigns.');
  return { graphUrl: `${gateway}/graphql`, databaseUrl, sandboxUrl: urls['sandbox'] };
}

/** Progress on one line where there is a terminal, and now and then a line where there is none. */
function progressPrinter(): (line: string) => void {
  if (process.stdout.isTTY) return (line) => process.stdout.write(`\r\u001b[K${line}`);
  let quietUntilMs = 0;
  return (line) => {
    if (Date.now() < quietUntilMs) return;
    quietUntilMs = Date.now() + 10_000;
    say(line);
  };
}

/** Undefined where the surge is optional and there is no k6. */
async function findK6OrSkip(): Promise<string | undefined> {
  try {
    return await findK6({ environment: process.env, log: say });
  } catch (error) {
    const isSkippable = values.optional && process.env['CI'] !== 'true';
    if (!isSkippable || !(error instanceof LocalProblem)) throw error;
    say(`\n*** THE SURGE WAS SKIPPED, SO NOTHING IS PROVEN: ${error.message}\n*** ${error.advice}\n`);
    return undefined;
  }
}

async function main(): Promise<boolean> {
  const seconds = wholeNumber('seconds', values.seconds, 86_400);
  const rate = wholeNumber('rate', values.rate, 100_000);
  const k6Path = await findK6OrSkip();
  if (k6Path === undefined) return true;
  const target = await findTarget();
  try {
    const { verdict, report } = await surge({ target, k6Path, seconds, rate, onProgress: progressPrinter() });
    say(report);
    return verdict.findings.length === 0;
  } finally {
    await target.stop();
  }
}

if (values.help) {
  process.stdout.write(help);
} else {
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    if (error instanceof LocalProblem) say(`${error.message} ${error.advice}`);
    else if (error instanceof GraphUnavailable || error instanceof K6Failed) say(error.message);
    else throw error;
    process.exitCode = 2;
  }
}
