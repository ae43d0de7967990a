import { tellHistories, type HistorySources } from './audit/history.ts';
import type { Finding } from './audit/finding.ts';
import { readDatabaseFigures, type DatabaseFigures } from './figures.ts';

/** What could not be read, and why. */
export interface Unread {
  readonly unread: string;
}

/** What is told beside a verdict. */
export interface LookBack {
  /** What is known of the keys that the verdict names. */
  readonly histories: readonly string[];
  readonly database: DatabaseFigures | Unread;
}

/**
 * Gathers what is told beside a verdict. A verdict stands without it: what cannot be read is told in its place, and keeps
 * nobody from hearing what was found.
 */
export async function lookBack(
  findings: readonly Finding[],
  sources: HistorySources,
  walStart: string,
): Promise<LookBack> {
  const { databaseUrl } = sources;
  return {
    histories: await tellHistories(findings, sources).catch((error: unknown) => [
      `the histories could not be read: ${reasonOf(error)}`,
    ]),
    database: await readDatabaseFigures(databaseUrl, walStart).catch((error: unknown) => ({
      unread: `could not be read: ${reasonOf(error)}`,
    })),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
