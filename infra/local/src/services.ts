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

/** The programs of Banyan that stand in this repository. */
export function banyanPrograms(): Program[] {
  return table
    .map((program) => ({ ...program, folder: join(repositoryRoot, program.folder) }))
    .filter((program) => existsSync(join(program.folder, 'src/main.ts')));
}
