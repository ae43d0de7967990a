import { inTransaction } from '@banyan/kit/database';
import { inputFingerprint, newId, refuse } from '@banyan/kit/graphql';
import type { CampaignKind, Relation } from '@banyan/vocabulary';
import type { Services } from '../context.ts';
import { findCampaigns, insertCampaign, insertStatusChange, type CampaignRow } from '../db/campaigns.ts';
import { findOrganisation } from '../db/organisations.ts';
import { insertReviewCase } from '../db/reviews.ts';
import { takeSubmissionKey } from '../db/submissions.ts';
import type { CampaignDetails } from './campaign-details.ts';
import { checkLaw } from './check-law.ts';
import { dueDate, gateKinds } from './review.ts';

/** For whom or by whom a campaign is, as the law of its kind asks. */
export interface Parties {
  readonly beneficiaryId: string | null;
  readonly relation: Relation | null;
  readonly charityId: string | null;
}

export interface Submission extends Parties {
  readonly kind: CampaignKind;
  readonly submitterId: string;
  readonly details: CampaignDetails;
  readonly key: string;
}

/** Where a submission says for whom and by whom it is. */
const partyFields = { beneficiary: ['input', 'beneficiaryId'], charity: ['input', 'charityId'] };

const slugWords: Readonly<Record<CampaignKind, string>> = {
  PERSONAL_HELP: 'help',
  PUBLIC_FUNDRAISING: 'fund',
  DREAM: 'dream',
  PRODUCE: 'produce',
};

/** Puts a campaign before the reviewers. Same key, same input: the campaign of the first time, whatever has become of it. */
export async function submitCampaign(
  { db, limits }: Pick<Services, 'db' | 'limits'>,
  submission: Submission,
): Promise<{ campaign: CampaignRow }> {
  const { kind, submitterId, details, key, beneficiaryId, relation, charityId } = submission;
  const id = newId('cmp');
  const inputHash = inputFingerprint({ kind, details, beneficiaryId, relation, charityId });

  return inTransaction(db, async (trx) => {
    const taken = { submitter_id: submitterId, key, input_hash: inputHash, campaign_id: id };
    const known = await takeSubmissionKey(trx, taken);
    if (known !== null) {
      if (known.input_hash !== inputHash) throw keyReused();
      const [campaign] = await findCampaigns(trx, [known.campaign_id]);
      if (campaign === undefined) throw new Error('a submitted campaign is not there');
      return { campaign };
    }

    const { allowed, retryAfterSeconds } = await limits.submissions.attempt(submitterId);
    if (!allowed) throw tooMany(retryAfterSeconds);
    const parties = {
      organiser_id: submitterId,
      beneficiary_id: beneficiaryId,
      relation,
      charity_id: charityId,
    };
    await checkLaw(trx, parties, partyFields);
    if (details.hospitalId != null) {
      const hospital = await findOrganisation(trx, details.hospitalId);
      if (hospital?.kinds.includes('HOSPITAL') !== true) throw noSuchHospital();
    }

    const campaign = await insertCampaign(trx, {
      id,
      slug: `${slugWords[kind]}-${id.slice(-10)}`,
      kind,
      status: 'SUBMITTED',
      status_reason: null,
      title: details.title,
      story: details.story,
      cover_url: null,
      ...parties,
      // Who collects in the open for oneself is named already.
      beneficiary_named: relation === 'SELF',
      hospital_id: details.hospitalId ?? null,
      goal_minor: details.goal.minor,
      currency: details.goal.currency,
      disease: details.disease ?? null,
      region_code: details.regionCode ?? null,
      went_live_at: null,
      ends_at: details.endsAt ?? null,
    });
    await insertStatusChange(trx, {
      campaign_id: id,
      status: 'SUBMITTED',
      reason: null,
      actor_id: submitterId,
    });
    const reviewCase = { id: newId('rev'), campaign_id: id, due_at: dueDate(new Date()) };
    await insertReviewCase(trx, reviewCase, gateKinds);
    return { campaign };
  });
}

function keyReused() {
  return refuse(
    'IDEMPOTENCY_KEY_REUSED',
    {
      en: 'This key was used for something else. Take a new one.',
      zh: '该幂等键已用于其他请求，请换用新的键。',
    },
    ['input', 'idempotencyKey'],
  );
}

function tooMany(seconds: number) {
  const hours = Math.ceil(seconds / 3_600);
  return refuse('RATE_LIMITED', {
    en: `These are many campaigns for a day. Go on in ${hours} hours at the latest.`,
    zh: `今日提交的项目过多，请最迟在 ${hours} 小时后继续。`,
  });
}

function noSuchHospital() {
  return refuse('NOT_FOUND', { en: 'There is no such hospital here.', zh: '没有这家医院。' }, [
    'input',
    'details',
    'hospitalId',
  ]);
}
