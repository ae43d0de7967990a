import { join } from 'node:path';

/** A kind of load, and how much of it is usual. */
export interface Scenario {
  readonly name: string;
  readonly says: string;
  readonly seconds: number;
  /** Gifts a second at its peak. */
  readonly rate: number;
  /** Whether it pays at the sandbox. */
  readonly needsSandbox?: boolean;
  /** Whether it ends campaigns, for which some are raised before. */
  readonly endsCampaigns?: boolean;
  /** How many people follow the totals live meanwhile, and give now and then. */
  readonly followers?: number;
  /** For which money comes to stand in suspense by what its donors do; by default for none. */
  readonly suspenseReasons?: readonly string[];
}

export const scenarios: readonly Scenario[] = [
  { name: 'smoke', says: 'a few of everything: does it work at all', seconds: 10, rate: 5 },
  { name: 'average', says: 'a usual evening: nobody is hot, most people look', seconds: 30, rate: 50 },
  { name: 'stress', says: 'step by step up to twice the rate', seconds: 60, rate: 400 },
  { name: 'spike', says: 'ten times as many people within a second', seconds: 30, rate: 400 },
  { name: 'soak', says: 'the same load for long (--seconds)', seconds: 600, rate: 100 },
  { name: 'surge', says: 'one hot campaign beside many', seconds: 30, rate: 200 },
  {
    name: 'retry-storm',
    says: 'every gift up to five times, half of the answers thrown away',
    seconds: 30,
    rate: 100,
  },
  {
    name: 'notification-storm',
    says: 'orders whose notifications come twice, late, out of order or never',
    seconds: 30,
    rate: 50,
    needsSandbox: true,
    suspenseReasons: ['AMOUNT_MISMATCH'],
  },
  {
    name: 'mixed',
    says: 'donors who pay here and elsewhere, who lose answers, many readers, and followers of live totals',
    seconds: 30,
    rate: 100,
    followers: 10,
    suspenseReasons: ['AMOUNT_MISMATCH'],
  },
  {
    name: 'closing',
    says: 'campaigns that their organisers end in mid-load, raised for the run',
    seconds: 30,
    rate: 100,
    needsSandbox: true,
    endsCampaigns: true,
    suspenseReasons: ['AMOUNT_MISMATCH', 'BOOK_CLOSED'],
  },
];

export function findScenario(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}

/** The k6 script of a scenario. */
export function scriptOf(scenario: Scenario): string {
  return join(import.meta.dirname, '../k6', `${scenario.name}.ts`);
}
