import { inTransaction } from '@banyan/kit/database';
import {
  idempotencyKey,
  inputFingerprint,
  newId,
  parseInput,
  refuse,
  typeId,
  writtenText,
} from '@banyan/kit/graphql';
import { circleThemes, realNameLevels, trustBands } from '@banyan/vocabulary';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findCircle, findCircleByKey, insertCircle, type CircleRow } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import {
  findKnownOrganisation,
  findOrganisationRole,
  type KnownOrganisationRow,
} from '../db/known-organisations.ts';
import { findKnownPerson } from '../db/known-people.ts';
import { ensureMembership, lockMembership } from '../db/memberships.ts';
import { tagsOf, trustCurrencyOf } from './circle-words.ts';
import { assertMayRun } from './finance-licence.ts';
import { moveMembership } from './move-membership.ts';
import { keyReused, noSuchCircle } from './refusals.ts';
import { assertMeets } from './requirements.ts';
import { circleAccesses } from './words.ts';

const maxQuestions = 5;
export const joinQuestions = z
  .array(writtenText(200))
  .max(maxQuestions, `At most ${maxQuestions} questions. | 最多 ${maxQuestions} 个问题。`);
export const aboutText = writtenText(2_000);

const inputShape = z.object({
  name: writtenText(60),
  about: aboutText,
  theme: z.enum(circleThemes),
  access: z.enum(circleAccesses),
  organisationId: typeId('org').nullish(),
  realNameLevel: z.enum(realNameLevels).nullish(),
  trustBand: z.enum(trustBands).nullish(),
  joinQuestions: joinQuestions.nullish(),
  idempotencyKey,
});
type Input = z.infer<typeof inputShape>;

/** Founds a circle; the founder is its first owner. A repeated key gives the circle of the first time. */
export async function createCircle(
  { db, limits }: Services,
  userId: string,
  input: unknown,
): Promise<{ circle: CircleRow }> {
  const parsed = parseInput(inputShape, input);
  const { idempotencyKey: key, ...wanted } = parsed;
  const fingerprint = inputFingerprint(wanted);

  const known = await findCircleByKey(db, userId, key);
  if (known !== undefined) return { circle: sameRequest(known, fingerprint) };
  const { allowed } = await limits.circles.attempt(userId);
  if (!allowed) throw tooManyCircles();

  return inTransaction(db, async (trx) => {
    const organisation = await operatingOrganisation(trx, parsed.organisationId ?? null, userId);
    assertMayRun(parsed.theme, organisation, new Date());
    const row = { ...toRow(parsed, userId), idempotency_key: key, input_fingerprint: fingerprint };
    assertMeets(await findKnownPerson(trx, userId), row, 'realNameLevel');

    const inserted = await insertCircle(trx, row);
    if (inserted === undefined) {
      const first = await findCircleByKey(trx, userId, key);
      if (first === undefined) throw keyReused();
      return { circle: sameRequest(first, fingerprint) };
    }
    await makeOwner(trx, inserted, userId);
    return { circle: (await findCircle(trx, inserted.id)) ?? inserted };
  });
}

function sameRequest(circle: CircleRow, fingerprint: string): CircleRow {
  if (circle.input_fingerprint !== fingerprint) throw keyReused();
  return circle;
}

async function operatingOrganisation(
  trx: Transaction<Database>,
  organisationId: string | null,
  userId: string,
): Promise<KnownOrganisationRow | null> {
  if (organisationId === null) return null;
  const organisation = await findKnownOrganisation(trx, organisationId);
  const role = organisation && (await findOrganisationRole(trx, organisationId, userId));
  // One whose verification was withdrawn is told to be of no kind.
  const isVerified = organisation !== undefined && organisation.kinds.length > 0;
  if (isVerified && (role === 'OWNER' || role === 'ADMIN')) return organisation;
  throw refuse(
    'FORBIDDEN',
    {
      en: 'Only owners and administrators of a verified organisation found circles in its name.',
      zh: '只有已认证机构的所有者或管理员才能以机构名义创建圈子。',
    },
    ['input', 'organisationId'],
  );
}

function toRow(wanted: Input, userId: string) {
  return {
    id: newId('cir'),
    name: wanted.name,
    about: wanted.about,
    theme: wanted.theme,
    access: wanted.access,
    operator_user_id: wanted.organisationId == null ? userId : null,
    operator_organisation_id: wanted.organisationId ?? null,
    trust_currency: trustCurrencyOf(wanted.theme),
    tags: tagsOf(wanted),
    real_name_level: wanted.realNameLevel ?? ('NONE' as const),
    trust_band: wanted.trustBand ?? null,
    join_questions: wanted.joinQuestions ?? [],
    founder_id: userId,
  };
}

async function makeOwner(trx: Transaction<Database>, circle: CircleRow, userId: string): Promise<void> {
  await ensureMembership(trx, { id: newId('mbr'), circle_id: circle.id, user_id: userId });
  const membership = await lockMembership(trx, circle.id, userId);
  if (membership === undefined) throw noSuchCircle('circleId');
  await moveMembership(trx, circle, membership, { role: 'OWNER', state: 'ACTIVE' });
}

function tooManyCircles() {
  return refuse(
    'RATE_LIMITED',
    {
      en: 'You have founded many circles today. Try again tomorrow.',
      zh: '您今天创建的圈子过多，请明天再试。',
    },
    null,
  );
}
