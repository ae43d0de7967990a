import { LocalProblem } from '@banyan/local';

/** Options that every command of the load has. */
export const commonOptions = {
  url: { type: 'string' },
  'database-url': { type: 'string' },
  'sandbox-url': { type: 'string' },
  seconds: { type: 'string' },
  rate: { type: 'string' },
  report: { type: 'string' },
  log: { type: 'string' },
  campaigns: { type: 'string' },
  optional: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const commonHelp = `
  --url URL            the graph to load (default: the system that npm start runs, else one started for this)
  --database-url URL   database of its campaigns subgraph, for the auditor; needed with --url
  --sandbox-url URL    where sign-in codes and the provider's book are; without it all donors are guests
  --report FILE        writes a report with charts, one HTML file
  --campaigns N        processes of campaigns in a system started for this (default 1)
  --log FILE           writes what the programs of a system started for this print, with times
  --optional           where k6 cannot be had, say so and succeed; never so with CI=true
`;

/** Throws `LocalProblem` for what is no whole number from 1 to `most`. */
export function wholeNumber(name: string, text: string | undefined, usual: number, most: number): number {
  const number = text === undefined ? usual : Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new LocalProblem(`--${name} takes a whole number from 1 to ${most}, not "${text}".`, 'See --help.');
}

export const maxSeconds = 7 * 86_400;
export const maxRate = 100_000;
export const maxCampaigns = 4;
