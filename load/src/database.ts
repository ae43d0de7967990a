import pg from 'pg';

/** The database is away, broke off, or refuses the question: nothing can be judged. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: Error) {
    super(`The database could not be asked: ${cause.message}`, { cause });
  }
}

/**
 * Connects, works, and leaves.
 * @throws DatabaseUnavailable
 */
export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  // A connection may also break between two questions; pg tells of it by this event alone, which would end the process.
  let lost: Error | undefined;
  client.on('error', (error) => {
    lost ??= error;
  });
  try {
    await client.connect();
  } catch (error) {
    throw error instanceof Error ? new DatabaseUnavailable(error) : error;
  }
  try {
    return await work(client);
  } catch (error) {
    if (lost !== undefined) throw new DatabaseUnavailable(lost);
    throw error instanceof pg.DatabaseError ? new DatabaseUnavailable(error) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
