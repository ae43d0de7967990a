import { inTransaction } from '@banyan/kit/database';
import {
  idempotencyKey,
  inputFingerprint,
  newId,
  parseInput,
  refuse,
  writtenText,
} from '@banyan/kit/graphql';
import { addJob } from '@banyan/kit/jobs';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findCheckByKey, findRealNames, insertCheck, type RealNameCheckRow } from '../db/real-names.ts';
import { isIdNumber } from './id-number.ts';
import { askRegisters, lookTask } from './look-at-real-name.ts';
import { refusalOf } from './real-name-refusals.ts';
import { statusOf, verifiedLevels, type RealNameStatus } from './real-name.ts';
import { keyReused, tooOften } from './refusals.ts';

const inputShape = z
  .object({
    level: z.enum(verifiedLevels, 'A level to be verified at. | 请选择要认证的等级。'),
    legalName: writtenText(60),
    idNumber: z
      .string()
      .max(40)
      .transform((text) => text.replace(/\s/g, '').toUpperCase())
      .refine(isIdNumber, 'This is not an identity number. | 证件号码不正确。'),
    bankCard: z
      .string()
      .max(40)
      .transform((text) => text.replace(/[\s-]/g, ''))
      .refine((text) => /^\d{13,19}$/.test(text), 'This is not a card number. | 银行卡号不正确。')
      .nullish(),
    idempotencyKey,
  })
  .refine(({ level, bankCard }) => level !== 'FOUR_FACTOR' || bankCard != null, {
    message: 'Four factors need a bank card. | 四要素认证需要银行卡。',
    path: ['bankCard'],
  });
type Input = z.infer<typeof inputShape>;

/**
 * Has the registers asked whether a name and an identity number are this person's. The question is committed before it is
 * asked, and looked after until it is answered, so that a crash in between loses nothing. A repeated key gives the
 * check of the first time.
 */
export async function startRealName(
  services: Services,
  personId: string,
  input: unknown,
): Promise<{ challengeUrl: string | null; status: RealNameStatus }> {
  const parsed = parseInput(inputShape, input);
  const check = await openCheck(services, personId, parsed);
  const answered = await askRegisters(services, check);
  if (answered.state === 'FAILED') throw refusalOf(answered.reason);
  const [name] = await findRealNames(services.db, [personId]);
  return { challengeUrl: answered.challenge_url, status: statusOf(name ?? null, answered) };
}

async function openCheck(services: Services, personId: string, input: Input): Promise<RealNameCheckRow> {
  const { db, cipher, limits, now } = services;
  const { idempotencyKey: key, ...wanted } = input;
  // Keyed, since the input could be guessed from a plain hash.
  const inputHash = cipher.fingerprint('real-name-input', inputFingerprint(wanted));
  const known = await findCheckByKey(db, personId, key);
  if (known !== undefined) return sameRequest(known, inputHash);

  const fingerprint = cipher.fingerprint('id-number', input.idNumber);
  const [name] = await findRealNames(db, [personId]);
  if (name !== undefined && name.id_number_fingerprint !== fingerprint) throw anotherIdentity();
  const { allowed, retryAfterSeconds } = await limits.realName.attempt(personId);
  if (!allowed) throw tooOften(retryAfterSeconds);

  return inTransaction(db, async (trx) => {
    const id = newId('rnc');
    const inserted = await insertCheck(trx, {
      id,
      person_id: personId,
      level: input.level,
      state: 'PENDING',
      reason: null,
      legal_name_encrypted: cipher.encrypt(input.legalName),
      id_number_encrypted: cipher.encrypt(input.idNumber),
      id_number_fingerprint: fingerprint,
      bank_card_encrypted: input.bankCard == null ? null : cipher.encrypt(input.bankCard),
      provider_check_id: null,
      challenge_url: null,
      idempotency_key: key,
      input_fingerprint: inputHash,
      created_at: now(),
      decided_at: null,
    });
    if (inserted === undefined) {
      const first = await findCheckByKey(trx, personId, key);
      if (first === undefined) throw keyReused();
      return sameRequest(first, inputHash);
    }
    const runAt = new Date(Date.now() + services.realNameLookMs);
    await addJob(trx, lookTask, { checkId: id, look: 1 }, { runAt });
    return inserted;
  });
}

function sameRequest(check: RealNameCheckRow, inputHash: string): RealNameCheckRow {
  if (check.input_fingerprint !== inputHash) throw keyReused();
  return check;
}

function anotherIdentity() {
  return refuse(
    'INVALID_INPUT',
    {
      en: 'You are verified under another identity number. Customer service can change it.',
      zh: '您已用另一个证件号码完成实名认证，如需变更请联系客服。',
    },
    ['input', 'idNumber'],
  );
}
