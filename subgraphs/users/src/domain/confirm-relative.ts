import { inTransaction, violatedConstraint } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { markTrustDue } from '../db/facts.ts';
import { notify } from '../db/notifications.ts';
import { lockRelative, updateRelative, type RelativeRow } from '../db/relatives.ts';
import { inverseOf } from './relations.ts';
import { isAsker, isParty } from './relative-view.ts';

const inputShape = z.object({ relativeId: typeId('rel'), accept: z.boolean() });

/**
 * The other side confirms a kinship or declines it, and may come to think otherwise. Whoever asked can take an open
 * request back, and either can end a kinship that was confirmed; a declined one stays, so that nobody is asked again.
 */
export async function confirmRelative(
  { db, now }: Services,
  personId: string,
  input: unknown,
): Promise<{ relative: RelativeRow }> {
  const { relativeId, accept } = parseInput(inputShape, input);
  try {
    const relative = await inTransaction(db, async (trx) => {
      const before = await lockRelative(trx, relativeId);
      if (before === undefined || !isParty(before, personId)) throw noSuchRequest();
      return accept ? take(trx, before, personId, now()) : refuseIt(trx, before, personId);
    });
    return { relative };
  } catch (error) {
    if (violatedConstraint(error) === 'relatives_verified_once') throw alreadyRelated();
    throw error;
  }
}

async function take(
  trx: Transaction<Database>,
  before: RelativeRow,
  personId: string,
  at: Date,
): Promise<RelativeRow> {
  switch (before.state) {
    case 'VERIFIED':
      return before;
    case 'REVOKED':
      throw noSuchRequest();
    case 'REQUESTED':
    case 'DECLINED':
      if (isAsker(before, personId)) throw theOtherConfirms();
      return verifyRelative(trx, before, at);
    default:
      return before.state satisfies never;
  }
}

async function refuseIt(
  trx: Transaction<Database>,
  before: RelativeRow,
  personId: string,
): Promise<RelativeRow> {
  switch (before.state) {
    case 'DECLINED':
    case 'REVOKED':
      return before;
    case 'REQUESTED':
      return updateRelative(trx, before.id, { state: isAsker(before, personId) ? 'REVOKED' : 'DECLINED' });
    case 'VERIFIED':
      return revoke(trx, before, personId);
    default:
      return before.state satisfies never;
  }
}

/** Both sides say the same: tells everybody who builds on it, seen from either side. */
export async function verifyRelative(
  trx: Transaction<Database>,
  before: RelativeRow,
  at: Date,
): Promise<RelativeRow> {
  const after = await updateRelative(trx, before.id, { state: 'VERIFIED', verified_at: at });
  const { asker_id: askerId, asked_id: askedId, relation } = after;
  if (askedId === null) throw new Error('nobody can have confirmed this');
  await appendEvents(trx, [
    kinshipEvent('relatives.confirmed', askerId, askedId, relation),
    kinshipEvent('relatives.confirmed', askedId, askerId, inverseOf(relation)),
  ]);
  await markTrustDue(trx, [askerId, askedId]);
  await notify(trx, {
    personIds: [askerId],
    kind: 'RELATIVE_CONFIRMED',
    params: { userId: askedId, relation },
    link: '/me/relatives',
  });
  return after;
}

async function revoke(
  trx: Transaction<Database>,
  before: RelativeRow,
  personId: string,
): Promise<RelativeRow> {
  const after = await updateRelative(trx, before.id, { state: 'REVOKED' });
  const { asker_id: askerId, asked_id: askedId, relation } = after;
  if (askedId === null) return after;
  await appendEvents(trx, [
    kinshipEvent('relatives.revoked', askerId, askedId, relation),
    kinshipEvent('relatives.revoked', askedId, askerId, inverseOf(relation)),
  ]);
  await markTrustDue(trx, [askerId, askedId]);
  await notify(trx, {
    personIds: [personId === askerId ? askedId : askerId],
    kind: 'RELATIVE_REVOKED',
    params: { userId: personId },
    link: '/me/relatives',
  });
  return after;
}

function kinshipEvent(type: string, personId: string, relativeId: string, relation: string) {
  return { type, subject: personId, payload: { personId, relativeId, relation } };
}

function noSuchRequest() {
  return refuse('NOT_FOUND', { en: 'There is no such request.', zh: '没有这条亲属请求。' }, [
    'input',
    'relativeId',
  ]);
}

function theOtherConfirms() {
  return refuse(
    'FORBIDDEN',
    { en: 'The other side confirms, not who asked.', zh: '亲属关系须由对方确认。' },
    ['input', 'accept'],
  );
}

function alreadyRelated() {
  return refuse(
    'INVALID_INPUT',
    { en: 'You two are confirmed relatives already.', zh: '你们已经是已确认的亲属。' },
    ['input', 'relativeId'],
  );
}
