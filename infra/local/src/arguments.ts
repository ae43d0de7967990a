import { parseArgs } from 'node:util';
import { LocalProblem } from './local-problem.ts';
import { MAX_PROCESSES } from './services.ts';
import type { Processes } from './services.ts';

/** What a person may say behind `npm start --`. */
export interface StartArguments {
  readonly fresh: boolean;
  readonly seed: boolean;
  readonly basePort: number;
  readonly processes: Processes;
  readonly help: boolean;
}

export const helpText = `npm start runs the whole of Banyan on this machine; Ctrl-C stops it.

  npm start                   data are kept in .banyan between runs
  npm start -- --fresh        throws the data away first
  npm start -- --port 5000    moves all ports; the gateway has this one (default 4000)
  npm start -- --no-seed      leaves a new database empty
  npm start -- --campaigns 2  so many processes of campaigns
  npm start -- --gifts 1      so many more that only take gifts; those above then only read

  DATABASE_URL, REDIS_URL     replace the embedded servers
  LOG_LEVEL                   debug, info (default), warn, error
`;

/** Reads the arguments of `npm start`. Throws a `LocalProblem` when they are not to be understood. */
export function readStartArguments(given: readonly string[], defaultPort: number): StartArguments {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: {
        fresh: { type: 'boolean', default: false },
        port: { type: 'string', default: String(defaultPort) },
        'no-seed': { type: 'boolean', default: false },
        campaigns: { type: 'string', default: '1' },
        gifts: { type: 'string', default: '0' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return {
      fresh: values.fresh,
      seed: !values['no-seed'],
      basePort: readPort(values.port),
      processes: {
        campaigns: readCount('campaigns', values.campaigns, 1),
        gifts: readCount('gifts', values.gifts, 0),
      },
      help: values.help,
    };
  } catch (error) {
    if (error instanceof LocalProblem) throw error;
    const message = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new LocalProblem(`${message}.`, 'npm start -- --help lists what there is.', { cause: error });
  }
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new LocalProblem(`"${text}" is no port.`, 'Choose a whole number: npm start -- --port 5000');
}

function readCount(name: string, text: string, least: number): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= MAX_PROCESSES) return count;
  throw new LocalProblem(
    `"${text}" is no number of processes.`,
    `Choose a whole number from ${least} to ${MAX_PROCESSES}: npm start -- --${name} ${Math.max(least, 1)}`,
  );
}
