import { appendEvents } from '@banyan/kit/events';
import type { Transaction } from 'kysely';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { markTrustDue } from '../db/facts.ts';
import { notify } from '../db/notifications.ts';
import { lockPerson, updatePerson } from '../db/people.ts';
import {
  findRealNames,
  saveRealName,
  updateCheck,
  type RealNameCheckRow,
  type RealNameRow,
} from '../db/real-names.ts';
import { factorsOf, maskName, strongerOf } from './real-name.ts';

/** A final answer. `late`: the person is no longer waiting for it. */
interface Decision {
  readonly checkId: string;
  readonly state: 'VERIFIED' | 'FAILED';
  readonly reason: string | null;
  readonly late: boolean;
}

/** Ends a locked check. Breaks `real_names_identity` when the identity is verified for somebody else. */
export async function decideRealName(
  trx: Transaction<Database>,
  services: Pick<Services, 'cipher' | 'now'>,
  check: RealNameCheckRow,
  answer: Decision,
): Promise<RealNameCheckRow> {
  const at = services.now();
  await lockPerson(trx, check.person_id);
  const [before] = await findRealNames(trx, [check.person_id]);
  const isOther = before !== undefined && before.id_number_fingerprint !== check.id_number_fingerprint;
  const decision: Decision =
    answer.state === 'VERIFIED' && isOther
      ? { ...answer, state: 'FAILED', reason: 'ANOTHER_IDENTITY' }
      : answer;
  if (decision.state === 'VERIFIED') await verify(trx, services, { check, before, at });
  if (decision.state === 'VERIFIED' || decision.late) {
    await notify(trx, {
      personIds: [check.person_id],
      kind: decision.state === 'VERIFIED' ? 'REAL_NAME_VERIFIED' : 'REAL_NAME_FAILED',
      params: {},
      link: '/me/real-name',
      source: check.id,
    });
  }
  return updateCheck(trx, check.id, {
    state: decision.state,
    reason: decision.reason,
    provider_check_id: decision.checkId,
    challenge_url: null,
    bank_card_encrypted: null,
    decided_at: at,
  });
}

async function verify(
  trx: Transaction<Database>,
  { cipher }: Pick<Services, 'cipher'>,
  { check, before, at }: { check: RealNameCheckRow; before: RealNameRow | undefined; at: Date },
): Promise<void> {
  const { person_id: personId } = check;
  const level = before === undefined ? check.level : strongerOf(before.level, check.level);
  await saveRealName(trx, {
    person_id: personId,
    level,
    factors: [...new Set([...(before?.factors ?? []), ...factorsOf[check.level]])],
    legal_name_encrypted: check.legal_name_encrypted,
    legal_name_masked: maskName(cipher.decrypt(check.legal_name_encrypted)),
    id_number_encrypted: check.id_number_encrypted,
    id_number_fingerprint: check.id_number_fingerprint,
    verified_at: at,
  });
  await updatePerson(trx, personId, { real_name_level: level });
  await markTrustDue(trx, [personId]);
  await appendEvents(trx, [
    { type: 'person.verified', subject: personId, payload: { userId: personId, realNameLevel: level } },
  ]);
}
