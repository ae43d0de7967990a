import { inTransaction } from '@banyan/kit/database';
import { forbidden, newId, parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import type { Caller } from '@banyan/kit/hop';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockCampaign, type CampaignRow } from '../db/campaigns.ts';
import { closeReviewCase, findReviewCase, findReviewGates, saveGateDecision } from '../db/reviews.ts';
import { checkLaw } from './check-law.ts';
import { nextStatus } from './lifecycle.ts';
import { moveCampaign } from './move-campaign.ts';
import { gateKinds, refusalOf, stepAfter, type Decision, type DecisionRefusal } from './review.ts';

const inputShape = z.object({
  caseId: typeId('rev'),
  gate: z.enum(gateKinds),
  state: z.enum(
    ['PASSED', 'FAILED', 'NEEDS_INFO'],
    'A decision is PASSED, FAILED or NEEDS_INFO. | 请选择通过、不通过或需补充材料。',
  ),
  reason: writtenText(1_000),
});

const gateField = ['input', 'gate'];

/**
 * Decides one gate. The last to be passed makes the campaign live, if the law still allows it; one that fails
 * rejects it.
 */
export async function decideReviewGate(
  { db, settings }: Services,
  caller: Caller,
  reviewerId: string,
  input: unknown,
): Promise<{ campaign: CampaignRow }> {
  const { caseId, gate: kind, state, reason } = parseInput(inputShape, input);
  // Customer service decides its own gate, reviewers any.
  if (!caller.roles.has('REVIEWER') && kind !== 'CUSTOMER_SERVICE') throw forbidden();

  return inTransaction(db, async (trx) => {
    const reviewCase = await findReviewCase(trx, caseId);
    const campaign = reviewCase && (await lockCampaign(trx, reviewCase.campaign_id));
    if (campaign === undefined) throw refused('NO_SUCH_GATE');
    const gates = (await findReviewGates(trx, [caseId])).map((gate) => ({
      kind: gate.kind,
      state: gate.state,
      decidedBy: gate.decided_by,
    }));
    const decision: Decision = { kind, state, by: reviewerId };
    const refusal = refusalOf(decision, gates, [campaign.organiser_id, campaign.beneficiary_id]);
    if (refusal !== null) throw refused(refusal);
    const step = stepAfter(decision, gates);
    const to = nextStatus(campaign.status, step);
    if (to === null) throw refused('NOT_OPEN');

    if (to === 'LIVE') await checkLaw(trx, campaign, { beneficiary: gateField, charity: gateField });

    const now = new Date();
    await saveGateDecision(trx, {
      id: newId('gdn'),
      case_id: caseId,
      kind,
      state,
      decided_by: reviewerId,
      reason,
      decided_at: now,
    });
    if (to === campaign.status) return { campaign };
    if (to !== 'IN_REVIEW') await closeReviewCase(trx, campaign.id, now);
    const shownReason = to === 'LIVE' || to === 'IN_REVIEW' ? null : reason;
    const { maxGiftMinor } = settings;
    const move = { to, reason: shownReason, actorId: reviewerId, maxGiftMinor };
    return { campaign: await moveCampaign(trx, campaign, move) };
  });
}

const wordings: Readonly<Record<DecisionRefusal, readonly [code: string, en: string, zh: string]>> = {
  OWN_CAMPAIGN: ['FORBIDDEN', 'Nobody decides on a campaign of their own.', '不能审核与自己有关的项目。'],
  ANOTHER_GATE: [
    'FORBIDDEN',
    'You have decided another gate of this case: it takes other eyes.',
    '您已审核过此案的其他环节，须由他人审核。',
  ],
  NOT_OPEN: ['FORBIDDEN', 'This gate is not open.', '该审核环节未开放。'],
  NO_SUCH_GATE: ['NOT_FOUND', 'There is no such gate.', '没有这个审核环节。'],
};

function refused(refusal: DecisionRefusal) {
  const [code, en, zh] = wordings[refusal];
  return refuse(code, { en, zh }, gateField);
}
