import pg from 'pg';

/** A database of one service and the passwords of its two roles. */
export interface PrepareOptions {
  /** URL of a role that may create databases and roles. */
  readonly adminUrl: string;
  /** Name of the database; the roles are `<name>_owner` and `<name>_app`. */
  readonly name: string;
  readonly ownerPassword: string;
  readonly appPassword: string;
}

/** The URLs of a prepared database. */
export interface PreparedDatabase {
  /** For migrations: may change the schema. */
  readonly ownerUrl: string;
  /** For the service: may do what migrations granted. */
  readonly appUrl: string;
  readonly appRole: string;
}

/**
 * Creates the database and its two roles, or brings what is there to the same state: the owner may do everything
 * in it, the app role only what migrations grant, nobody else may connect. Safe to run from several processes.
 */
export async function prepareDatabase(options: PrepareOptions): Promise<PreparedDatabase> {
  const ownerRole = `${options.name}_owner`;
  const appRole = `${options.name}_app`;
  const roles: readonly (readonly [string, string])[] = [
    [ownerRole, options.ownerPassword],
    [appRole, options.appPassword],
  ];
  await withClient(options.adminUrl, async (admin) => {
    await withAdvisoryLock(admin, 'banyan:prepare', async () => {
      for (const [role, password] of roles) await ensureRole(admin, role, password);
      await ensureDatabase(admin, options.name, ownerRole);
      await restrictDatabase(admin, options.name, ownerRole, appRole);
    });
  });
  const databaseUrl = withDatabase(options.adminUrl, options.name);
  const owner = pg.escapeIdentifier(ownerRole);
  await withClient(databaseUrl, async (client) => {
    await client.query(`alter schema public owner to ${owner}`);
    await client.query('revoke all on schema public from public');
    await client.query(`grant usage on schema public to ${pg.escapeIdentifier(appRole)}`);
  });
  return {
    ownerUrl: withCredentials(databaseUrl, ownerRole, options.ownerPassword),
    appUrl: withCredentials(databaseUrl, appRole, options.appPassword),
    appRole,
  };
}

/** Lets the two roles connect to the database and nobody else; a copy of a database needs it anew. */
export async function restrictDatabase(
  admin: pg.Client,
  name: string,
  ownerRole: string,
  appRole: string,
): Promise<void> {
  const database = pg.escapeIdentifier(name);
  const roles = `${pg.escapeIdentifier(ownerRole)}, ${pg.escapeIdentifier(appRole)}`;
  await admin.query(`revoke all on database ${database} from public`);
  await admin.query(`grant connect on database ${database} to ${roles}`);
}

async function ensureRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount === 0) await admin.query(`create role ${name}`);
  await admin.query(`alter role ${name} login noinherit password ${pg.escapeLiteral(password)}`);
}

async function ensureDatabase(admin: pg.Client, name: string, ownerRole: string): Promise<void> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
  if (rowCount !== 0) return;
  const owner = pg.escapeIdentifier(ownerRole);
  // Whoever gives a database to a role must be a member of it; a superuser is one anyway.
  await admin.query(`grant ${owner} to current_user`);
  await admin.query(`create database ${pg.escapeIdentifier(name)} owner ${owner} template template0`);
}

/** The same server and credentials, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

/** The same server and database, other credentials. */
export function withCredentials(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

/** Runs `work` with one connection of its own. */
export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `work` while no other session of this database holds the lock of that name. */
export async function withAdvisoryLock<Result>(
  client: pg.Client,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
  try {
    return await work();
  } finally {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  }
}
