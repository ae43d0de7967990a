import pg from 'pg';
import type { TransferInput } from '../src/ledger.ts';

/** The usual way, in tables of its own: insert the gift, its postings, then update the row of the campaign. */
const TABLES = `
  create table plain_totals (book text primary key, credited bigint not null, gifts bigint not null);
  create table plain_gifts (
    book text not null references plain_totals, id text not null, payer text not null, key text not null,
    input_hash text not null, amount bigint not null, currency text not null,
    posted_at timestamptz not null default clock_timestamp(), details jsonb not null default '{}',
    primary key (book, id), unique (book, payer, key));
  create table plain_postings (
    book text not null, gift text not null, account text not null, amount bigint not null,
    primary key (book, gift, account), foreign key (book, gift) references plain_gifts (book, id));
`;

const statements = {
  gift: `insert into plain_gifts (book, id, payer, key, input_hash, amount, currency)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (book, payer, key) do nothing`,
  postings: `insert into plain_postings values ($1, $2, 'held', $3), ($1, $2, 'clearing', -$3::bigint)`,
  totals: `update plain_totals set credited = credited + $2, gifts = gifts + 1 where book = $1
    returning credited, gifts`,
};

/** Posts each gift in a transaction of its own, on a pool of so many connections. */
export class TransactionPerGift {
  readonly #pool: pg.Pool;

  constructor(ownerUrl: string, maxConnections: number) {
    this.#pool = new pg.Pool({ connectionString: ownerUrl, max: maxConnections });
  }

  async prepare(books: readonly string[]): Promise<void> {
    await this.#pool.query(TABLES);
    await this.#pool.query('insert into plain_totals select unnest($1::text[]), 0, 0', [books]);
  }

  async post(input: TransferInput): Promise<void> {
    const client = await this.#pool.connect();
    try {
      const { book, id, payer, key, inputHash, amount, currency } = input;
      await client.query('begin');
      const values = [book, id, payer, key, inputHash, amount, currency];
      const { rowCount } = await client.query({ name: 'gift', text: statements.gift, values });
      if (rowCount === 1) {
        await client.query({ name: 'postings', text: statements.postings, values: [book, id, amount] });
        await client.query({ name: 'totals', text: statements.totals, values: [book, amount] });
      }
      await client.query('commit');
    } finally {
      client.release();
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}
