import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { parseInput, refuse } from '@banyan/kit/graphql';
import { consentPurposes, consentTextVersions } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockConsent, recordConsentChange, saveConsent } from '../db/consents.ts';
import { lockPerson } from '../db/people.ts';
import { isGiven } from './consents.ts';
import { tooOften } from './refusals.ts';

const inputShape = z.object({
  purpose: z.enum(consentPurposes),
  granted: z.boolean(),
  textVersion: z.string().min(1).max(60),
});

/**
 * Grants or withdraws consent to one purpose. One agrees to the text that is shown today and to no other; withdrawing
 * asks for no text, for nothing may stand in its way.
 */
export async function setConsent(
  { db, now, limits }: Services,
  personId: string,
  input: unknown,
): Promise<{ viewer: { id: string } }> {
  const { purpose, granted, textVersion } = parseInput(inputShape, input);
  const current = consentTextVersions[purpose];
  if (granted) {
    if (textVersion !== current) throw otherText(current);
    // Each change is kept for good and told to others. Withdrawing is not counted: it takes back what was granted before.
    const { allowed, retryAfterSeconds } = await limits.consents.attempt(personId);
    if (!allowed) throw tooOften(retryAfterSeconds);
  }

  await inTransaction(db, async (trx) => {
    // The first answer has no row that could be locked.
    await lockPerson(trx, personId);
    const before = await lockConsent(trx, personId, purpose);
    if ((before !== undefined && isGiven(before)) === granted) return;
    const at = now();
    const consent = {
      person_id: personId,
      purpose,
      text_version: granted ? current : (before?.text_version ?? current),
      granted_at: granted ? at : (before?.granted_at ?? null),
      withdrawn_at: granted ? null : at,
    };
    await saveConsent(trx, consent);
    const change = { person_id: personId, purpose, text_version: consent.text_version, granted };
    await recordConsentChange(trx, { ...change, changed_at: at });
    await appendEvents(trx, [
      {
        type: 'consent.changed',
        subject: personId,
        payload: { userId: personId, purpose, granted, textVersion: consent.text_version },
      },
    ]);
  });
  return { viewer: { id: personId } };
}

function otherText(current: string) {
  return refuse(
    'INVALID_INPUT',
    {
      en: `The text has changed. Read the present one, ${current}, first.`,
      zh: `授权文本已更新，请先阅读当前版本 ${current}。`,
    },
    ['input', 'textVersion'],
  );
}
