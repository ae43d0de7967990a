import { inTransaction, violatedConstraint } from '@banyan/kit/database';
import { addJob } from '@banyan/kit/jobs';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findPeople } from '../db/people.ts';
import { findCheck, lockCheck, updateCheck, type RealNameCheckRow } from '../db/real-names.ts';
import { EkycUnavailable, type EkycAnswer } from '../providers/ekyc.ts';
import { decideRealName } from './decide-real-name.ts';
import { verifiedElsewhere } from './real-name-refusals.ts';

/** Name of the job that looks after an open check. */
export const lookTask = 'real-name.look';
const lookShape = z.object({ checkId: z.string(), look: z.int().min(1) });

/** After this long nobody comes back to a challenge. */
const openLifeMs = 7 * 24 * 60 * 60 * 1_000;
const mostPauseMs = 10 * 60 * 1_000;

/**
 * Asks the registers about a check that is open, and books what they say. Where they do not answer, or not yet, it stays
 * open: that says nothing about the person.
 */
export async function askRegisters(services: Services, check: RealNameCheckRow): Promise<RealNameCheckRow> {
  if (check.state !== 'PENDING') return check;
  const answer = await answerOf(services, check);
  return answer === null ? check : book(services, check, answer, { late: false });
}

/** The job: looks at an open check, and comes again, ever more seldom, as long as it is. */
export async function lookAtRealName(services: Services, payload: unknown): Promise<void> {
  const { checkId, look } = lookShape.parse(payload);
  const check = await findCheck(services.db, checkId);
  if (check?.state !== 'PENDING') return;
  const isOver = services.now().getTime() - check.created_at.getTime() > openLifeMs;
  const answer = isOver ? lapsed(check) : await answerOf(services, check);
  const after = answer === null ? check : await book(services, check, answer, { late: true });
  if (after.state !== 'PENDING') return;
  const pauseMs = Math.min(services.realNameLookMs * 2 ** look, mostPauseMs);
  await inTransaction(services.db, (trx) =>
    addJob(trx, lookTask, { checkId, look: look + 1 }, { runAt: new Date(Date.now() + pauseMs) }),
  );
}

async function answerOf(services: Services, check: RealNameCheckRow): Promise<EkycAnswer | null> {
  const { db, cipher, ekyc } = services;
  try {
    const found = check.provider_check_id === null ? null : await ekyc.find(check.provider_check_id);
    if (found !== null) return found;
    const [person] = await findPeople(db, [check.person_id]);
    if (person === undefined) return null;
    return await ekyc.check(check.id, {
      level: check.level,
      legalName: cipher.decrypt(check.legal_name_encrypted),
      idNumber: cipher.decrypt(check.id_number_encrypted),
      phone: cipher.decrypt(person.phone_encrypted),
      bankCard: check.bank_card_encrypted && cipher.decrypt(check.bank_card_encrypted),
    });
  } catch (error) {
    if (error instanceof EkycUnavailable) return null;
    throw error;
  }
}

function lapsed(check: RealNameCheckRow): EkycAnswer {
  return {
    checkId: check.provider_check_id ?? '',
    state: 'FAILED',
    reason: 'CHALLENGE_LAPSED',
    challengeUrl: null,
  };
}

/** Books an answer once, whoever brings it first; an identity that is taken fails the check. */
async function book(
  services: Services,
  check: RealNameCheckRow,
  answer: EkycAnswer,
  how: { late: boolean },
): Promise<RealNameCheckRow> {
  const once = (said: EkycAnswer) =>
    inTransaction(services.db, async (trx) => {
      const open = await lockCheck(trx, check.id);
      if (open?.state !== 'PENDING') return open ?? check;
      const { checkId, state, reason, challengeUrl } = said;
      if (state !== 'PENDING')
        return decideRealName(trx, services, open, { checkId, state, reason, late: how.late });
      return updateCheck(trx, open.id, { provider_check_id: checkId, challenge_url: challengeUrl, reason });
    });
  try {
    return await once(answer);
  } catch (error) {
    if (violatedConstraint(error) !== 'real_names_identity') throw error;
    return once({ ...answer, state: 'FAILED', reason: verifiedElsewhere });
  }
}
