import { z } from 'zod';
import { isBankCard } from './bank-card.ts';
import { isIdNumber } from './id-number.ts';

export const checkInput = z
  .object({
    level: z.enum(['TWO_FACTOR', 'THREE_FACTOR', 'FOUR_FACTOR', 'FACE_LIVENESS']),
    legalName: z.string().trim().min(1).max(100),
    idNumber: z.string().min(1).max(32),
    phone: z.string().max(20).optional(),
    bankCard: z.string().max(32).optional(),
  })
  .strict();
export type CheckInput = z.infer<typeof checkInput>;

export type Verdict =
  | { readonly state: 'VERIFIED' }
  | { readonly state: 'PENDING'; readonly reason: 'FACE_CHALLENGE' | 'MANUAL_REVIEW' }
  | { readonly state: 'FAILED'; readonly reason: FailureReason };
export type FailureReason =
  | 'INVALID_ID_NUMBER'
  | 'NAME_ID_MISMATCH'
  | 'PHONE_MISSING'
  | 'PHONE_MISMATCH'
  | 'BANK_CARD_MISSING'
  | 'INVALID_BANK_CARD'
  | 'BANK_CARD_MISMATCH'
  | 'FACE_MISMATCH'
  | 'DECLINED';

/**
 * What the registers answer, from the input alone. Digits 15 to 17 of the identity number choose: 998 another name is
 * registered under it, 997 a clerk must look. A phone or card that ends in 9998 belongs to somebody else.
 */
export function judge(input: CheckInput): Verdict {
  if (!isIdNumber(input.idNumber)) return failed('INVALID_ID_NUMBER');
  const sequence = input.idNumber.slice(14, 17);
  if (sequence === '998') return failed('NAME_ID_MISMATCH');
  if (input.level === 'THREE_FACTOR' || input.level === 'FOUR_FACTOR') {
    if (!input.phone) return failed('PHONE_MISSING');
    if (input.phone.endsWith('9998')) return failed('PHONE_MISMATCH');
  }
  if (input.level === 'FOUR_FACTOR') {
    if (!input.bankCard) return failed('BANK_CARD_MISSING');
    if (input.bankCard.endsWith('9998')) return failed('BANK_CARD_MISMATCH');
    if (!isBankCard(input.bankCard)) return failed('INVALID_BANK_CARD');
  }
  if (sequence === '997') return { state: 'PENDING', reason: 'MANUAL_REVIEW' };
  if (input.level === 'FACE_LIVENESS') return { state: 'PENDING', reason: 'FACE_CHALLENGE' };
  return { state: 'VERIFIED' };
}

export function failed(reason: FailureReason): Verdict {
  return { state: 'FAILED', reason };
}
