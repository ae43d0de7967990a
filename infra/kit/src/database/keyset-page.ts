import { sql } from 'kysely';
import type { Kysely, RawBuilder, SelectQueryBuilder, SqlBool, StringReference } from 'kysely';
import { sqlState } from './errors.ts';
import { InvalidCursor, decodeCursor, encodeCursor, orderFingerprint } from './keyset-cursor.ts';

/** One column of the order of a list. It must not be null; the columns together must be unique. */
export interface KeysetOrder<Column extends string> {
  readonly column: Column;
  readonly direction: 'asc' | 'desc';
}

/** Which page of a list. */
export interface KeysetArguments<Column extends string> {
  /** Number of nodes, 0 to 500. */
  readonly first: number;
  /** The cursor after which the page begins. */
  readonly after?: string | null | undefined;
  readonly orderBy: readonly KeysetOrder<Column>[];
}

/** A node and the cursor behind it. */
export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/** Relay's PageInfo. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A page in the form of a Relay connection. */
export interface Page<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
}

/** One page that somebody wants of one parent's list. */
export interface ParentPageRequest {
  readonly parent: string;
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** Lists that hang on parents: which column names the parent, and whose pages are wanted. */
export interface ParentPageArguments<Column extends string> {
  readonly parentColumn: Column;
  /** Type of the parent column. Default text. */
  readonly parentType?: 'text' | 'bigint';
  readonly requests: readonly ParentPageRequest[];
  readonly orderBy: readonly KeysetOrder<Column>[];
}

/** The most nodes that one page holds. */
export const MAX_PAGE_NODES = 500;

interface CursorColumn {
  readonly keyset_values: readonly (string | null)[];
}

/**
 * One page of a query, forward from a cursor, with row-value comparison: no offset, so a page costs the same
 * wherever it lies and never repeats or skips a row that stays. The query brings its joins and conditions, but no order
 * and no limit. Throws `InvalidCursor` for a cursor of anything else.
 */
export async function keysetPage<DB, TB extends keyof DB, Node>(
  query: SelectQueryBuilder<DB, TB, Node>,
  args: KeysetArguments<StringReference<DB, TB>>,
): Promise<Page<Node>> {
  assertPageSize(args.first);
  const rows = await refusingBadCursors(args.after, async () => restrict(query, args).execute());
  return toPage(rows, args);
}

/**
 * Pages of many parents' lists, in the order of the requests; made to be the batch function of a DataLoader. Requests with
 * the same `first` and `after` travel in one statement, which reads for each parent only its page (lateral join),
 * so a list of lists costs one query whatever its length.
 */
export async function keysetPagePerParent<DB, TB extends keyof DB, Node>(
  db: Kysely<DB>,
  query: SelectQueryBuilder<DB, TB, Node>,
  args: ParentPageArguments<StringReference<DB, TB>>,
): Promise<Page<Node>[]> {
  const groups = Map.groupBy(args.requests, ({ first, after }) => JSON.stringify([first, after ?? null]));
  const pages = new Map<ParentPageRequest, Page<Node>>();
  for (const requests of groups.values()) {
    const parents = [...new Set(requests.map((each) => each.parent))];
    const byParent = await pagesOfParents(db, query, args, parents, requests[0]);
    for (const request of requests) {
      pages.set(
        request,
        byParent.get(request.parent) ?? toPage<Node>([], { ...request, orderBy: args.orderBy }),
      );
    }
  }
  return args.requests.map((request) => pages.get(request)).filter((page) => page !== undefined);
}

async function pagesOfParents<DB, TB extends keyof DB, Node>(
  db: Kysely<DB>,
  query: SelectQueryBuilder<DB, TB, Node>,
  args: ParentPageArguments<StringReference<DB, TB>>,
  parents: readonly string[],
  request: ParentPageRequest | undefined,
): Promise<Map<string, Page<Node>>> {
  if (!request) return new Map();
  assertPageSize(request.first);
  const pageArgs = { first: request.first, after: request.after, orderBy: args.orderBy };
  const order = sql.join(args.orderBy.map((each) => sql`${sql.ref(each.column)} ${sql.raw(each.direction)}`));
  const ofParent = restrict(query, pageArgs)
    .where(sql<SqlBool>`${sql.ref(args.parentColumn)} = keyset_parent.key`)
    .select(sql<string>`row_number() over (order by ${order})`.as('keyset_rank'));
  const parentType = sql.raw(args.parentType ?? 'text');
  const statement = sql<Node & CursorColumn & { keyset_parent: string }>`
    select keyset_parent.key::text as keyset_parent, page.*
    from unnest(${parents}::${parentType}[]) as keyset_parent (key)
    cross join lateral (${ofParent}) as page
    order by keyset_parent.key, page.keyset_rank`;
  const { rows } = await refusingBadCursors(request.after, async () => statement.execute(db));
  const byParent = Map.groupBy(rows, (row) => row.keyset_parent);
  const bare = (row: Node & CursorColumn & { keyset_parent: string }) => {
    const {
      keyset_parent: _parent,
      keyset_rank: _rank,
      ...node
    } = row as typeof row & { keyset_rank: bigint };
    return node as unknown as Node & CursorColumn;
  };
  return new Map(
    Array.from(byParent, ([parent, found]) => [parent, toPage<Node>(found.map(bare), pageArgs)]),
  );
}

function restrict<DB, TB extends keyof DB, Node>(
  query: SelectQueryBuilder<DB, TB, Node>,
  args: KeysetArguments<StringReference<DB, TB>>,
): SelectQueryBuilder<DB, TB, Node & CursorColumn> {
  const texts = args.orderBy.map((each) => sql`${sql.ref(each.column)}::text`);
  let page: SelectQueryBuilder<DB, TB, Node> = query;
  if (args.after != null) page = page.where(isBehind(args.after, args.orderBy));
  for (const each of args.orderBy) page = page.orderBy(sql.ref(each.column), each.direction);
  const withCursor = page
    // One more than wanted tells whether there is a next page.
    .limit(args.first + 1)
    .select(sql<readonly (string | null)[]>`array[${sql.join(texts)}]`.as('keyset_values'));
  return withCursor as unknown as SelectQueryBuilder<DB, TB, Node & CursorColumn>;
}

/** Whether a row lies behind the cursor: (a, b) > (x, y), or spelt out when directions differ. */
function isBehind(cursor: string, orderBy: readonly KeysetOrder<string>[]): RawBuilder<SqlBool> {
  const values = decodeCursor(cursor, orderFingerprint(orderBy), orderBy.length);
  const operator = (order: KeysetOrder<string>) => sql.raw(order.direction === 'asc' ? '>' : '<');
  const [leading] = orderBy;
  if (!leading) throw new RangeError('a page needs an order');
  const columns = orderBy.map((each) => sql.ref(each.column));
  if (orderBy.every((each) => each.direction === leading.direction)) {
    return sql<SqlBool>`(${sql.join(columns)}) ${operator(leading)} (${sql.join(values)})`;
  }
  const alternatives = orderBy.map((order, index) => {
    const equals = columns.slice(0, index).map((column, at) => sql`${column} = ${values[at]}`);
    return sql`(${sql.join([...equals, sql`${columns[index]} ${operator(order)} ${values[index]}`], sql` and `)})`;
  });
  return sql<SqlBool>`(${sql.join(alternatives, sql` or `)})`;
}

function toPage<Node>(rows: readonly (Node & CursorColumn)[], args: KeysetArguments<string>): Page<Node> {
  const fingerprint = orderFingerprint(args.orderBy);
  const edges = rows.slice(0, args.first).map((row): Edge<Node> => {
    const { keyset_values: values, ...node } = row;
    const texts = values.filter((each) => each !== null);
    if (texts.length !== values.length) throw new Error('a column of a keyset order must not be null');
    return { cursor: encodeCursor(fingerprint, texts), node: node as unknown as Node };
  });
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: rows.length > args.first,
      hasPreviousPage: args.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A value that its column cannot be compared with (SQLSTATE class 22) came from the cursor. */
async function refusingBadCursors<Result>(
  after: string | null | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (after != null && sqlState(error)?.startsWith('22')) throw new InvalidCursor({ cause: error });
    throw error;
  }
}

function assertPageSize(first: number): void {
  if (!Number.isInteger(first) || first < 0 || first > MAX_PAGE_NODES) {
    throw new RangeError(`a page holds 0 to ${MAX_PAGE_NODES} nodes, not ${first}`);
  }
}
