import type pg from 'pg';
import { withClient } from '../database.ts';

/** An auditor reads all that a run has left, which may be millions of rows: a limit made for requests is not for it. */
const statementTimeoutMs = 30 * 60 * 1_000;
const rowsPerPage = 10_000;

/** Columns that PostgreSQL gives as text. */
export type Text<Names extends string> = Record<Names, string>;

/** One state of the books, as SQL sees it. */
export interface Snapshot {
  all<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /** The same a page at a time, for what nobody needs to hold all at once in the shape in which it came. */
  pages<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): AsyncGenerator<Row[]>;
}

/**
 * Connects, reads in one read-only snapshot with the auditor's own limits, and leaves.
 * @throws DatabaseUnavailable
 */
export async function inSnapshot<Result>(
  databaseUrl: string,
  read: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  return withClient(databaseUrl, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    // Of the transaction alone, so that it holds behind a pooler too.
    await client.query(`set local statement_timeout = ${statementTimeoutMs}`);
    const result = await read({
      all: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) =>
        (await client.query<Row>(text, [...values])).rows,
      pages: <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) =>
        readPages<Row>(client, text, values),
    });
    await client.query('commit');
    return result;
  });
}

async function* readPages<Row extends pg.QueryResultRow>(
  client: pg.Client,
  text: string,
  values: readonly unknown[],
): AsyncGenerator<Row[]> {
  await client.query(`declare page no scroll cursor for ${text}`, [...values]);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${rowsPerPage} from page`);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsPerPage) break;
  }
  await client.query('close page');
}

/** A long list in parts, each short enough for one question. */
export function* inParts<Each>(list: readonly Each[]): Generator<readonly Each[]> {
  for (let at = 0; at < list.length; at += rowsPerPage) yield list.slice(at, at + rowsPerPage);
}
