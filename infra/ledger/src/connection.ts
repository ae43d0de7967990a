import pg from 'pg';
import { AnswerReader, textTypes } from './answers.ts';
import type { AnswerRow } from './answers.ts';
import { CallFailed } from './faults.ts';
import type { PostResult, ReceiptRefusal, TransferInput } from './types.ts';

/** Where the ledger is and how long a call to it may take. */
export interface ConnectionSettings {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** No answer for so long means that the network is gone; above `statementTimeoutMs`. */
  readonly answerTimeoutMs: number;
}

/** A transfer that has been validated. */
export interface PreparedTransfer extends TransferInput {
  readonly detailsText: string;
}

const POST_BATCH =
  'select place, outcome, id, amount, transfer_version, ordinal, posted_at, status, currency, credited, refunded, paid_out,' +
  ' available, receipt_count, version, as_of from ledger.post_batch' +
  '($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::jsonb[])';

/** The connection of one lane: made when it is needed, kept while it works, thrown away when it is in doubt. */
export class LaneConnection {
  readonly #settings: ConnectionSettings;
  #client: pg.Client | null = null;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /**
   * Posts a batch in one call and one transaction; settles when the server is ready for the next, which is after the
   * commit. Throws `CallFailed`.
   */
  async post(batch: readonly PreparedTransfer[]): Promise<PostResult[]> {
    const client = (this.#client ??= await this.#connect());
    const query = {
      name: 'ledger_post_batch',
      text: POST_BATCH,
      values: columnsOf(batch),
      rowMode: 'array' as const,
      types: textTypes,
    };
    const rows = await this.#answerOf(client.query<(string | null)[]>(query));
    const reader = new AnswerReader();
    return batch.map((input, index) => readAnswer(reader, input, rows[index]));
  }

  /** Cuts the connection without waiting for anybody; the next call makes a new one. */
  discard(): void {
    const client = this.#client;
    this.#client = null;
    // With a call under way, end() destroys the socket; its promise may never settle when the network is gone.
    client?.end().catch(() => undefined);
  }

  /** Says good-bye to the server and waits for it. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#settings.url,
      connectionTimeoutMillis: this.#settings.connectTimeoutMs,
      lock_timeout: this.#settings.lockTimeoutMs,
      statement_timeout: this.#settings.statementTimeoutMs,
      application_name: 'ledger',
      keepAlive: true,
      // An acknowledgement means that the commit is on disk, whatever the default of role or database.
      options: '-c synchronous_commit=on -c timezone=UTC',
    });
    client.on('error', () => {
      if (this.#client === client) this.#client = null;
    });
    try {
      await client.connect();
    } catch (error) {
      client.end().catch(() => undefined);
      throw new CallFailed(false, error);
    }
    return client;
  }

  async #answerOf(query: Promise<pg.QueryArrayResult<(string | null)[]>>): Promise<AnswerRow[]> {
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => timeout.reject(new Error('the database did not answer in time')),
      this.#settings.answerTimeoutMs,
    );
    try {
      return (await Promise.race([query, timeout.promise])).rows;
    } catch (error) {
      throw new CallFailed(true, error);
    } finally {
      clearTimeout(timer);
      // When the timeout wins, the query fails later, with nobody listening.
      query.catch(() => undefined);
    }
  }
}

function readAnswer(reader: AnswerReader, input: TransferInput, row: AnswerRow | undefined): PostResult {
  if (!row) throw new CallFailed(true, new Error('the ledger did not answer for every row'));
  return reader.read<ReceiptRefusal>(input, row);
}

function columnsOf(batch: readonly PreparedTransfer[]): string[][] {
  return [
    batch.map((each) => each.book),
    batch.map((each) => each.id),
    batch.map((each) => each.payer),
    batch.map((each) => each.key),
    batch.map((each) => each.inputHash),
    batch.map((each) => String(each.amount)),
    batch.map((each) => each.currency),
    batch.map((each) => each.detailsText),
  ];
}
