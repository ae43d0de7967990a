import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder that holds the repository. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** A program of the system: how it is started is the same for all of a kind. */
export interface Program {
  /** Its name in logs; of a subgraph also the name of its database. */
  readonly name: string;
  readonly kind: 'sandbox' | 'subgraph' | 'gateway';
  /** Its package; `src/main.ts` in it serves, a subgraph has `src/migrate.ts` and `src/seed.ts` beside it. */
  readonly folder: string;
  readonly portOffset: number;
  /** Subgraphs whose events it consumes. */
  readonly feeds?: readonly string[];
  /** Of the sandbox: who has an account at the payment provider. */
  readonly merchants?: readonly string[];
  /** Of a further process of a subgraph: whose database, secrets and place it shares. */
  readonly copyOf?: string;
  /** Of a further process: takes mutations alone, and no other process of the subgraph takes any. */
  readonly pool?: 'mutations';
  /** Secrets that it gets beside those of its kind. */
  readonly secrets?: readonly ('ACCESS_TOKEN_KEY' | 'FIELD_KEY' | 'PAYMENTS_SECRET')[];
}

const table: readonly Program[] = [
  {
    name: 'sandbox',
    kind: 'sandbox',
    folder: 'infra/sandbox',
    portOffset: 900,
    merchants: ['campaigns', 'insurance'],
  },
  {
    name: 'users',
    kind: 'subgraph',
    folder: 'subgraphs/users',
    portOffset: 101,
    feeds: ['courses', 'campaigns', 'circles'],
    secrets: ['ACCESS_TOKEN_KEY', 'FIELD_KEY'],
  },
  { name: 'courses', kind: 'subgraph', folder: 'subgraphs/courses', portOffset: 102 },
  {
    name: 'campaigns',
    kind: 'subgraph',
    folder: 'subgraphs/campaigns',
    portOffset: 103,
    feeds: ['users'],
    secrets: ['PAYMENTS_SECRET'],
  },
  {
    name: 'insurance',
    kind: 'subgraph',
    folder: 'subgraphs/insurance',
    portOffset: 104,
    feeds: ['users', 'campaigns'],
    secrets: ['PAYMENTS_SECRET'],
  },
  {
    name: 'circles',
    kind: 'subgraph',
    folder: 'subgraphs/circles',
    portOffset: 105,
    feeds: ['users', 'courses', 'campaigns'],
  },
  { name: 'gateway', kind: 'gateway', folder: 'gateway', portOffset: 0 },
];

/** How many processes campaigns has. */
export interface Processes {
  /** Those that read; without gift processes they also take the gifts. Default 1. */
  readonly campaigns?: number;
  /** Those that do nothing but take gifts and the other mutations of campaigns. Default 0. */
  readonly gifts?: number;
}

/** The most processes of a kind: their ports lie side by side. */
export const MAX_PROCESSES = 4;
const FIRST_COPY_OFFSET = 110;
const FIRST_GIFTS_OFFSET = 120;

/** The programs of Banyan that stand in this repository, and the further processes of campaigns. */
export function banyanPrograms({ campaigns = 1, gifts = 0 }: Processes = {}): Program[] {
  const programs = table
    .map((program) => ({ ...program, folder: join(repositoryRoot, program.folder) }))
    .filter((program) => existsSync(join(program.folder, 'src/main.ts')));
  const original = programs.find(({ name }) => name === 'campaigns');
  if (original === undefined) return programs;
  const copies = countFrom(2, campaigns - 1).map((number): Program => ({
    ...original,
    name: `campaigns-${number}`,
    portOffset: FIRST_COPY_OFFSET + number,
    copyOf: original.name,
  }));
  const takers = countFrom(1, gifts).map((number): Program => ({
    ...original,
    name: `gifts-${number}`,
    portOffset: FIRST_GIFTS_OFFSET + number,
    copyOf: original.name,
    pool: 'mutations',
  }));
  return [...programs, ...copies, ...takers];
}

function countFrom(first: number, length: number): number[] {
  return Array.from({ length }, (_each, index) => first + index);
}
