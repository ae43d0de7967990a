import { keysetPage, type Page } from '@banyan/kit/database';
import type { ColumnType, Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { GateKind, GateState } from '../domain/review.ts';
import type { Database } from './database.ts';

/** The examination of one campaign. */
export interface ReviewCasesTable {
  id: string;
  campaign_id: string;
  due_at: Date;
  /** Null while the campaign is submitted or in review. */
  closed_at: Date | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type ReviewCaseRow = Selectable<ReviewCasesTable>;

/** A gate as it stands now. */
export interface ReviewGatesTable {
  case_id: string;
  kind: GateKind;
  state: Generated<GateState>;
  decided_by: string | null;
  decided_at: Date | null;
  reason: string | null;
}
export type ReviewGateRow = Selectable<ReviewGatesTable>;

/** Every decision that was ever made. Append-only. */
export interface GateDecisionsTable {
  id: string;
  case_id: string;
  kind: GateKind;
  state: GateState;
  decided_by: string;
  reason: string;
  decided_at: Date;
}

export function findReviewCases(db: Kysely<Database>, ids: readonly string[]): Promise<ReviewCaseRow[]> {
  return db.selectFrom('review_cases').selectAll().where('id', 'in', ids).execute();
}

export function findReviewCase(db: Kysely<Database>, id: string): Promise<ReviewCaseRow | undefined> {
  return db.selectFrom('review_cases').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findReviewGates(db: Kysely<Database>, caseIds: readonly string[]): Promise<ReviewGateRow[]> {
  return db
    .selectFrom('review_gates')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .orderBy('case_id')
    .orderBy('kind')
    .execute();
}

/** Cases that are under way, most urgent first; with `gate`, those whose gate of that kind is still open. */
export function findReviewQueue(
  db: Kysely<Database>,
  page: { gate: GateKind | null; first: number; after: string | null },
): Promise<Page<ReviewCaseRow>> {
  let query = db.selectFrom('review_cases').selectAll().where('closed_at', 'is', null);
  const { gate } = page;
  if (gate !== null) {
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('review_gates')
          .whereRef('review_gates.case_id', '=', 'review_cases.id')
          .where('review_gates.kind', '=', gate)
          .where('review_gates.state', '=', 'OPEN'),
      ),
    );
  }
  return keysetPage(query, {
    first: page.first,
    after: page.after,
    orderBy: [
      { column: 'due_at', direction: 'asc' },
      { column: 'id', direction: 'asc' },
    ],
  });
}

export async function insertReviewCase(
  trx: Transaction<Database>,
  reviewCase: Pick<ReviewCaseRow, 'id' | 'campaign_id' | 'due_at'>,
  kinds: readonly GateKind[],
): Promise<void> {
  await trx
    .insertInto('review_cases')
    .values({ ...reviewCase, closed_at: null })
    .execute();
  await trx
    .insertInto('review_gates')
    .values(
      kinds.map((kind) => ({
        case_id: reviewCase.id,
        kind,
        decided_by: null,
        decided_at: null,
        reason: null,
      })),
    )
    .execute();
}

export async function saveGateDecision(
  trx: Transaction<Database>,
  decision: Insertable<GateDecisionsTable>,
): Promise<void> {
  const { case_id: caseId, kind, state, decided_by: decidedBy, reason, decided_at: decidedAt } = decision;
  await trx.insertInto('gate_decisions').values(decision).execute();
  await trx
    .updateTable('review_gates')
    .set({ state, decided_by: decidedBy, decided_at: decidedAt, reason })
    .where('case_id', '=', caseId)
    .where('kind', '=', kind)
    .execute();
}

export async function closeReviewCase(
  trx: Transaction<Database>,
  campaignId: string,
  at: Date,
): Promise<void> {
  await trx
    .updateTable('review_cases')
    .set({ closed_at: at })
    .where('campaign_id', '=', campaignId)
    .where('closed_at', 'is', null)
    .execute();
}

/** Opens a campaign's case and all of its gates anew. */
export async function reopenReviewCase(
  trx: Transaction<Database>,
  campaignId: string,
  dueAt: Date,
): Promise<void> {
  const { id } = await trx
    .updateTable('review_cases')
    .set({ closed_at: null, due_at: dueAt })
    .where('campaign_id', '=', campaignId)
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('review_gates')
    .set({ state: 'OPEN', decided_by: null, decided_at: null, reason: null })
    .where('case_id', '=', id)
    .execute();
}
