import type { EventHandler } from '@banyan/kit/events';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { saveOfferConsent } from '../db/offer-facts.ts';

const consentShape = z.object({
  userId: z.string(),
  purpose: z.string(),
  granted: z.boolean(),
  textVersion: z.string(),
});

/** What users tells that offers depend on. */
export const usersHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'consent.changed': async (trx, event) => {
    const { userId, purpose, granted, textVersion } = consentShape.parse(event.payload);
    if (purpose !== 'INSURANCE_OFFERS') return;
    await saveOfferConsent(trx, { user_id: userId, granted, text_version: textVersion });
  },
};
