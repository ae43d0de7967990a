import { refuse } from '@banyan/kit/graphql';
import type { Relation } from '@banyan/vocabulary';
import type { Transaction } from 'kysely';
import type { CampaignRow } from '../db/campaigns.ts';
import type { Database } from '../db/database.ts';
import { findOrganisation, isMember } from '../db/organisations.ts';
import { findKinship } from '../db/relatives.ts';
import { isVerified } from './kinship.ts';
import { dayInChina, mayRaiseFromPublic } from './licence.ts';

/** Where in the input a refusal points to. */
interface Fields {
  readonly beneficiary: readonly string[];
  readonly charity: readonly string[];
}

/** Who raises for whom, and by which charity. */
type Party = Pick<CampaignRow, 'organiser_id' | 'beneficiary_id' | 'relation' | 'charity_id'>;

/**
 * Whether a campaign may be raised for today: for oneself or a relative whose kinship both have confirmed, for nobody's
 * stranger; from the public by a member of a charity whose licence is valid. Asked when it is submitted, and again
 * whenever it begins to take gifts, since kinships end and licences run out meanwhile.
 * @throws Refusal
 */
export async function checkLaw(trx: Transaction<Database>, campaign: Party, fields: Fields): Promise<void> {
  const {
    organiser_id: organiserId,
    beneficiary_id: beneficiaryId,
    relation,
    charity_id: charityId,
  } = campaign;
  if (beneficiaryId !== null && relation !== null) {
    const claim = { personId: organiserId, relativeId: beneficiaryId, relation };
    if (!(await isKin(trx, claim))) throw relationNotVerified(fields.beneficiary);
  }
  if (charityId !== null) {
    if (!(await isMember(trx, charityId, organiserId))) throw notAMember(fields.charity);
    const charity = await findOrganisation(trx, charityId);
    if (charity === undefined || !mayRaiseFromPublic(charity, dayInChina(new Date())))
      throw notLicensed(fields.charity);
  }
}

async function isKin(
  trx: Transaction<Database>,
  claim: { personId: string; relativeId: string; relation: Relation },
): Promise<boolean> {
  if (claim.relation === 'SELF') return true;
  const rows = await findKinship(trx, claim.personId, claim.relativeId);
  const known = rows.map((row) => ({
    personId: row.person_id,
    relativeId: row.relative_id,
    relation: row.relation,
  }));
  return isVerified(claim, known);
}

function relationNotVerified(field: readonly string[]) {
  return refuse(
    'RELATION_NOT_VERIFIED',
    {
      en: 'Both of you must have confirmed first how you are related.',
      zh: '请先由双方确认亲属关系。',
    },
    field,
  );
}

function notAMember(field: readonly string[]) {
  return refuse(
    'FORBIDDEN',
    { en: 'You do not act for this organisation.', zh: '您不是该机构的成员。' },
    field,
  );
}

function notLicensed(field: readonly string[]) {
  return refuse(
    'CHARITY_NOT_LICENSED',
    {
      en: 'This organisation has no licence to raise from the public that is valid today.',
      zh: '该机构今日没有有效的公开募捐资格。',
    },
    field,
  );
}
