import type { Wording } from '@banyan/kit/graphql';
import type { Kysely, Insertable, Selectable, Transaction } from 'kysely';
import type { QuoteState } from '../domain/words.ts';
import type { Database } from './database.ts';
import type { Json } from './products.ts';

export interface QuotesTable {
  id: string;
  /** Who asked, and may see it: a person for herself. */
  owner_id: string;
  /** The asker's own word for who is to be insured. */
  holder_reference: string;
  product_id: string;
  product_code: string;
  birth_year: number;
  region_code: string;
  /** 0 where it was declined. */
  premium_minor: bigint;
  currency: string;
  /** An OPEN quote that has run out is EXPIRED; nobody writes it. */
  state: Exclude<QuoteState, 'EXPIRED'>;
  decline_reasons: Json<readonly Wording[]>;
  expires_at: Date;
  idempotency_key: string;
  input_fingerprint: string;
  created_at: Date;
}
export type QuoteRow = Selectable<QuotesTable>;

export interface QuoteAnswersTable {
  quote_id: string;
  answers: Json<readonly { key: string; value: string }[]>;
}

export function findQuotes(db: Kysely<Database>, ids: readonly string[]): Promise<QuoteRow[]> {
  return db.selectFrom('quotes').selectAll().where('id', 'in', ids).execute();
}

export function findQuoteByKey(
  db: Kysely<Database>,
  scope: { ownerId: string; productCode: string; key: string },
): Promise<QuoteRow | undefined> {
  return db
    .selectFrom('quotes')
    .selectAll()
    .where('owner_id', '=', scope.ownerId)
    .where('product_code', '=', scope.productCode)
    .where('idempotency_key', '=', scope.key)
    .executeTakeFirst();
}

/** Undefined when the key is taken. */
export async function insertQuote(
  trx: Transaction<Database>,
  quote: Insertable<QuotesTable>,
  answers: readonly { key: string; value: string }[],
): Promise<QuoteRow | undefined> {
  const row = await trx
    .insertInto('quotes')
    .values(quote)
    .onConflict((conflict) => conflict.constraint('quotes_key').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) {
    await trx
      .insertInto('quote_answers')
      .values({ quote_id: row.id, answers: JSON.stringify(answers) })
      .execute();
  }
  return row;
}

/** A quote of this owner, locked until the transaction ends. */
export function lockQuote(
  trx: Transaction<Database>,
  ownerId: string,
  id: string,
): Promise<QuoteRow | undefined> {
  return trx
    .selectFrom('quotes')
    .selectAll()
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .forUpdate()
    .executeTakeFirst();
}

export function setQuoteState(
  trx: Transaction<Database>,
  id: string,
  state: QuoteRow['state'],
): Promise<QuoteRow> {
  return trx
    .updateTable('quotes')
    .set({ state })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
