import { LocalProblem, MAX_PROCESSES, type Processes } from '@banyan/local';

/** How many processes campaigns has in a system started for a run. */
export const processOptions = { campaigns: { type: 'string' }, gifts: { type: 'string' } } as const;

/** Options that every command of the load has. */
export const commonOptions = {
  url: { type: 'string' },
  'database-url': { type: 'string' },
  'sandbox-url': { type: 'string' },
  seconds: { type: 'string' },
  rate: { type: 'string' },
  report: { type: 'string' },
  log: { type: 'string' },
  ...processOptions,
  optional: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const processHelp = `\
  --campaigns N        processes of campaigns in a system started for this (default 1)
  --gifts N            so many more that only take gifts; those above then only read (default 0)`;

export const commonHelp = `
  --url URL            the graph to load (default: the system that npm start runs, else one started for this)
  --database-url URL   database of its campaigns subgraph, for the auditor; needed with --url
  --sandbox-url URL    where sign-in codes and the provider's book are; without it all donors are guests
  --report FILE        writes a report with charts, one HTML file
${processHelp}
  --log FILE           writes what the programs of a system started for this print, with times
  --optional           where k6 cannot be had, say so and succeed; never so with CI=true
`;

/** Throws `LocalProblem` for what is no whole number from `least` to `most`. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  usual: number,
  most: number,
  least = 1,
): number {
  const number = text === undefined ? usual : Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new LocalProblem(
    `--${name} takes a whole number from ${least} to ${most}, not "${text}".`,
    'See --help.',
  );
}

/** Throws `LocalProblem` for what cannot be. */
export function readProcesses(values: {
  readonly campaigns?: string | undefined;
  readonly gifts?: string | undefined;
}): Required<Processes> {
  return {
    campaigns: wholeNumber('campaigns', values.campaigns, 1, MAX_PROCESSES),
    gifts: wholeNumber('gifts', values.gifts, 0, MAX_PROCESSES, 0),
  };
}

export const maxSeconds = 7 * 86_400;
export const maxRate = 100_000;
