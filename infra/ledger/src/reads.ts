import { keysetPage } from '@banyan/kit/database';
import type { Page } from '@banyan/kit/database';
import { sql } from 'kysely';
import type { Kysely, SqlBool } from 'kysely';
import { totalsOf, transferOf } from './rows.ts';
import type { LedgerTables } from './tables.ts';
import type { Totals, Transfer } from './types.ts';

/** Which transfers of a book. */
export interface ListTransfersArguments {
  readonly book: string;
  /** 0 to 500. */
  readonly first: number;
  readonly after?: string | null;
  /** In the order they were counted, or backwards. Default 'newest'. */
  readonly from?: 'newest' | 'oldest';
}

/** Totals of several books from the rows themselves; a book that is not there has no entry. `db` is the primary. */
export async function readTotals<Tables extends LedgerTables>(
  db: Kysely<Tables>,
  books: readonly string[],
): Promise<Map<string, Totals>> {
  const rows = await ledgerOf(db)
    .selectFrom('ledger.totals')
    .selectAll()
    .where(sql<SqlBool>`book = any (${[...books]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.book, totalsOf(row)]));
}

/** What became of a key: the transfer it brought about, or null when it is not counted (yet). */
export async function findTransferByKey<Tables extends LedgerTables>(
  db: Kysely<Tables>,
  of: { readonly book: string; readonly payer: string; readonly key: string },
): Promise<Transfer | null> {
  const row = await ledgerOf(db)
    .selectFrom('ledger.transfers')
    .selectAll()
    .where(sql<SqlBool>`book collate "POSIX" = ${of.book}`)
    .where('payer', '=', of.payer)
    .where('key', '=', of.key)
    .executeTakeFirst();
  return row ? transferOf(row) : null;
}

/**
 * One page of a book's transfers by the place at which they were counted, (version, ordinal): whatever is committed later
 * comes later, so a reader who goes on from a cursor misses nothing. Throws `InvalidCursor`.
 */
export async function listTransfers<Tables extends LedgerTables>(
  db: Kysely<Tables>,
  args: ListTransfersArguments,
): Promise<Page<Transfer>> {
  const direction = args.from === 'oldest' ? 'asc' : 'desc';
  const query = ledgerOf(db)
    .selectFrom('ledger.transfers')
    .selectAll()
    .where(sql<SqlBool>`book collate "ucs_basic" = ${args.book}`);
  const page = await keysetPage(query, {
    first: args.first,
    after: args.after,
    orderBy: [
      { column: 'version', direction },
      { column: 'ordinal', direction },
    ],
  });
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: transferOf(node) }));
  return { edges, nodes: edges.map((edge) => edge.node), pageInfo: page.pageInfo };
}

function ledgerOf<Tables extends LedgerTables>(db: Kysely<Tables>): Kysely<LedgerTables> {
  return db as unknown as Kysely<LedgerTables>;
}
