import pg from 'pg';
import type { TransferInput } from '../src/ledger.ts';

/**
 * Gift, both postings, total. No foreign keys, which would lock the row of the campaign once more: what is compared
 * has every advantage.
 */
const tablesOf = (name: string) => `
  create table ${name}_totals (
    book text, slot integer, credited bigint not null, gifts bigint not null, primary key (book, slot)
  ) with (fillfactor = 50);
  create table ${name}_gifts (
    book text not null, id text not null, payer text not null, key text not null,
    input_hash text not null, amount bigint not null, currency text not null,
    posted_at timestamptz not null default clock_timestamp(), details jsonb not null default '{}',
    primary key (book, id), unique (book, payer, key));
  create table ${name}_postings (
    book text not null, gift text not null, account text not null, amount bigint not null,
    primary key (book, gift, account));
`;

/** Statements of one way; the total is the sum of its slots. */
function statementsOf(name: string) {
  return {
    gift: `insert into ${name}_gifts (book, id, payer, key, input_hash, amount, currency)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict (book, payer, key) do nothing`,
    postings: `insert into ${name}_postings values ($1, $2, 'held', $3), ($1, $2, 'clearing', -$3::bigint)`,
    totals: `update ${name}_totals set credited = credited + $2, gifts = gifts + 1 where book = $1 and slot = $3
      returning credited, gifts`,
  };
}

export interface TransactionPerGiftOptions {
  /** URL of a role that may create tables. */
  readonly url: string;
  /** Its tables begin with it. */
  readonly name: string;
  /** Rows that share the total of a book; 1 is the usual way. */
  readonly slots: number;
  readonly maxConnections: number;
}

/** The usual way: each gift in a transaction of its own that ends with the row of the total, which it locks. */
export class TransactionPerGift {
  readonly #pool: pg.Pool;
  readonly #options: TransactionPerGiftOptions;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(options: TransactionPerGiftOptions) {
    this.#pool = new pg.Pool({ connectionString: options.url, max: options.maxConnections });
    this.#options = options;
    this.#statements = statementsOf(options.name);
  }

  async prepare(books: readonly string[]): Promise<void> {
    const { name, slots } = this.#options;
    await this.#pool.query(tablesOf(name));
    await this.#pool.query(
      `insert into ${name}_totals select book, slot, 0, 0 from unnest($1::text[]) book, generate_series(0, $2) slot`,
      [books, slots - 1],
    );
  }

  async post(input: TransferInput): Promise<void> {
    const client = await this.#pool.connect();
    try {
      const { book, id, payer, key, inputHash, amount, currency } = input;
      await client.query('begin');
      const values = [book, id, payer, key, inputHash, amount, currency];
      const { rowCount } = await client.query({ name: 'gift', text: this.#statements.gift, values });
      if (rowCount === 1) {
        const postings = [book, id, amount];
        await client.query({ name: 'postings', text: this.#statements.postings, values: postings });
        const totals = [book, amount, Math.floor(Math.random() * this.#options.slots)];
        await client.query({ name: 'totals', text: this.#statements.totals, values: totals });
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
