import { prepareDatabase } from '@banyan/kit/database';
import type { PreparedDatabase } from '@banyan/kit/database';
import pg from 'pg';
import { LocalProblem } from './local-problem.ts';
import { rolePassword } from './secrets.ts';
import type { Secrets } from './secrets.ts';

const AUTHENTICATION_FAILED = '28P01';

/** Brings the database of a subgraph and its two roles into being. */
export async function openDatabase(
  adminUrl: string,
  name: string,
  secrets: Secrets,
): Promise<PreparedDatabase> {
  try {
    return await prepareDatabase({
      adminUrl,
      name,
      ownerPassword: rolePassword(`${name}_owner`, secrets),
      appPassword: rolePassword(`${name}_app`, secrets),
    });
  } catch (error) {
    throw explainConnection(error);
  }
}

/** Deletes the databases of the subgraphs from a server that is not ours to delete. */
export async function dropDatabases(adminUrl: string, names: readonly string[]): Promise<void> {
  await withAdmin(adminUrl, async (admin) => {
    for (const name of names) {
      await admin.query(`drop database if exists ${admin.escapeIdentifier(name)} with (force)`);
    }
  });
}

/** What became of the seed data of a database. */
export type SeedState = 'loaded' | 'left out' | 'begun';

/** Written as the comment of a database, so that the record lives and dies with what it speaks of. */
const comments: Readonly<Record<SeedState, string>> = {
  loaded: 'banyan: seed data loaded',
  'left out': 'banyan: kept without seed data',
  begun: 'banyan: seed data are being loaded',
};

/** What the database remembers of its seed data; undefined when they were never asked for, or there is no database. */
export async function readSeedState(adminUrl: string, name: string): Promise<SeedState | undefined> {
  return withAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ comment: string | null }>(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
      [name],
    );
    const states = Object.keys(comments) as SeedState[];
    return states.find((state) => comments[state] === rows[0]?.comment);
  });
}

/** Remembers in the database what became of its seed data. */
export async function writeSeedState(adminUrl: string, name: string, state: SeedState): Promise<void> {
  const comment = comments[state];
  await withAdmin(adminUrl, async (admin) => {
    await admin.query(
      `comment on database ${admin.escapeIdentifier(name)} is ${admin.escapeLiteral(comment)}`,
    );
  });
}

/** Writes everything to its place, so that a server that crashes later need not do it again before it answers. */
export async function checkpoint(adminUrl: string): Promise<void> {
  await withAdmin(adminUrl, async (admin) => admin.query('checkpoint'));
}

async function withAdmin<Result>(
  adminUrl: string,
  work: (admin: pg.Client) => Promise<Result>,
): Promise<Result> {
  const admin = new pg.Client({ connectionString: adminUrl });
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw explainConnection(error);
  } finally {
    await admin.end();
  }
}

function explainConnection(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === AUTHENTICATION_FAILED) {
    return new LocalProblem(
      'PostgreSQL refuses the password.',
      'Look at DATABASE_URL; if it is not set, the local data lost their secrets: "npm start -- --fresh" starts with new data.',
      { cause: error },
    );
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT') {
    return new LocalProblem(
      `PostgreSQL cannot be reached (${code}).`,
      'Look at DATABASE_URL, or leave it out to use the embedded PostgreSQL.',
      { cause: error },
    );
  }
  return error;
}
