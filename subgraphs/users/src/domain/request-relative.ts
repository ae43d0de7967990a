import { inTransaction } from '@banyan/kit/database';
import { newId, parseInput, refuse } from '@banyan/kit/graphql';
import { relations, type Relation } from '@banyan/vocabulary';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { notify } from '../db/notifications.ts';
import { findPeople, findPersonByPhone } from '../db/people.ts';
import { findAsking, insertRelative, lockOpenBetween, type RelativeRow } from '../db/relatives.ts';
import { verifyRelative } from './confirm-relative.ts';
import { phoneNumber } from './phone.ts';
import { tooOften } from './refusals.ts';
import { inverseOf } from './relations.ts';

const inputShape = z.object({
  phone: phoneNumber,
  relation: z.enum(relations).exclude(['SELF'], 'A relative is somebody else. | 亲属须为本人以外的人。'),
});

/**
 * Asks the owner of a phone to confirm that they are this to the person. The answer is the same whether the phone is
 * known here or not; who signs in with it later finds the request. Both asking the same of each other is confirmation.
 */
export async function requestRelative(
  { db, cipher, limits, now }: Services,
  askerId: string,
  input: unknown,
): Promise<{ relative: RelativeRow }> {
  const { phone, relation } = parseInput(inputShape, input);
  const fingerprint = cipher.fingerprint('phone', phone);
  const [asker] = await findPeople(db, [askerId]);
  if (asker?.phone_fingerprint === fingerprint) throw ownPhone();
  for (const [limit, key] of [
    [limits.relativesAsked, askerId],
    [limits.relativesOfPhone, fingerprint],
  ] as const) {
    const { allowed, retryAfterSeconds } = await limit.attempt(key);
    if (!allowed) throw tooOften(retryAfterSeconds);
  }

  const relative = await inTransaction(db, async (trx) => {
    const asked = (await findPersonByPhone(trx, fingerprint))?.id ?? null;
    const mutual = asked === null ? null : await answerTheirs(trx, { askerId, asked, relation, at: now() });
    if (mutual !== null) return mutual;
    const known = await findAsking(trx, askerId, fingerprint);
    if (known !== undefined) return sameRelation(known, relation);
    return ask(trx, { askerId, fingerprint, asked, relation });
  });
  return { relative };
}

/** What the other has asked before; null when nothing is open. */
async function answerTheirs(
  trx: Transaction<Database>,
  claim: { askerId: string; asked: string; relation: Relation; at: Date },
): Promise<RelativeRow | null> {
  const theirs = await lockOpenBetween(trx, claim.asked, claim.askerId);
  if (theirs === undefined) return null;
  if (inverseOf(theirs.relation) !== claim.relation) throw saidOtherwise();
  return theirs.state === 'VERIFIED' ? theirs : verifyRelative(trx, theirs, claim.at);
}

async function ask(
  trx: Transaction<Database>,
  claim: { askerId: string; fingerprint: string; asked: string | null; relation: Relation },
): Promise<RelativeRow> {
  const inserted = await insertRelative(trx, {
    id: newId('rel'),
    asker_id: claim.askerId,
    asked_phone_fingerprint: claim.fingerprint,
    asked_id: claim.asked,
    relation: claim.relation,
    state: 'REQUESTED',
    verified_at: null,
  });
  if (inserted === undefined) {
    const first = await findAsking(trx, claim.askerId, claim.fingerprint);
    if (first === undefined) throw saidOtherwise();
    return sameRelation(first, claim.relation);
  }
  if (claim.asked !== null) await tellAsked(trx, inserted, claim.asked);
  return inserted;
}

/** Tells a person that somebody asks. */
export async function tellAsked(
  trx: Transaction<Database>,
  relative: RelativeRow,
  askedId: string,
): Promise<void> {
  await notify(trx, {
    personIds: [askedId],
    kind: 'RELATIVE_ASKS',
    params: { userId: relative.asker_id, relation: inverseOf(relative.relation) },
    link: '/me/relatives',
    source: relative.id,
  });
}

function sameRelation(known: RelativeRow, relation: Relation): RelativeRow {
  if (known.relation !== relation) throw saidOtherwise();
  return known;
}

function ownPhone() {
  return refuse('INVALID_INPUT', { en: 'This is your own phone.', zh: '这是您自己的手机号。' }, [
    'input',
    'phone',
  ]);
}

function saidOtherwise() {
  return refuse(
    'INVALID_INPUT',
    {
      en: 'Another relation was said to this phone already. Take that request back, or answer it, first.',
      zh: '与该手机号之间已有另一种亲属关系的请求，请先撤回或答复该请求。',
    },
    ['input', 'relation'],
  );
}
