import { consentTextVersions, type ConsentPurpose } from '@banyan/vocabulary';
import type { ConsentRow } from '../db/consents.ts';

/** Purposes that touch data whose leak harms a person's dignity or safety (PIPL, article 28). */
const sensitivePurposes: ReadonlySet<ConsentPurpose> = new Set(['MEDICAL_DATA', 'BLACKLIST_SHARING']);

export const isSensitive = (purpose: ConsentPurpose): boolean => sensitivePurposes.has(purpose);

/** Whether a person agrees now: granted, not withdrawn, and to the text of today. */
export function isGiven(
  consent: Pick<ConsentRow, 'purpose' | 'text_version' | 'granted_at' | 'withdrawn_at'>,
): boolean {
  return (
    consent.granted_at !== null &&
    consent.withdrawn_at === null &&
    consent.text_version === consentTextVersions[consent.purpose]
  );
}
