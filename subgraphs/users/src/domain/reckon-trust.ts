import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import type { TrustBand } from '@banyan/vocabulary';
import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { takeTrustDue } from '../db/facts.ts';
import { lockTrustBands, setTrustBand } from '../db/people.ts';
import { findTrustRecords } from '../db/trust-records.ts';
import { trustOf } from './trust.ts';

const maxRowsAtOnce = 1_000;

/**
 * Reckons the band of everybody of whom there is news, and tells those that changed. Apart from the news themselves,
 * since three feeds bring them at once and would lock the same people in different orders.
 */
export async function reckonTrust(db: Kysely<Database>): Promise<void> {
  for (;;) {
    const taken = await inTransaction(db, async (trx) => {
      const due = await takeTrustDue(trx, maxRowsAtOnce);
      if (due.length > 0) await reckon(trx, due);
      return due.length;
    });
    if (taken === 0) return;
  }
}

async function reckon(trx: Transaction<Database>, personIds: readonly string[]): Promise<void> {
  // Whoever reckons after us sees what we saw and more: the lock comes before the look.
  const before = new Map(
    (await lockTrustBands(trx, personIds)).map(({ id, trust_band: band }) => [id, band]),
  );
  const changed = (await findTrustRecords(trx, personIds))
    .map((record) => ({ userId: record.personId, band: trustOf(record).band }))
    .filter(({ userId, band }) => before.get(userId) !== band);
  const byBand = Map.groupBy(changed, ({ band }) => band);
  for (const [band, people] of byBand) await setBand(trx, band, people);
}

async function setBand(
  trx: Transaction<Database>,
  band: TrustBand,
  people: readonly { userId: string; band: TrustBand }[],
): Promise<void> {
  await setTrustBand(
    trx,
    people.map(({ userId }) => userId),
    band,
  );
  await appendEvents(
    trx,
    people.map((payload) => ({ type: 'trust.changed', subject: payload.userId, payload })),
  );
}
