import { insertMany } from '@banyan/kit/database';
import { createRandom, personas, personOf, seedId, type SeedDay } from '@banyan/seed';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { gateKinds, reviewDays, type GateState } from '../domain/review.ts';
import type { SeedCampaign } from './campaigns.ts';

/** Who decides which gate: three pairs of eyes. */
const reviewerOf = {
  DATA: personas.reviewer.number,
  CUSTOMER_SERVICE: personas.customerService.number,
  CROWD: personas.secondReviewer.number,
} as const;

/** A case for each campaign; open ones where it is submitted or in review. */
export async function seedReviews(
  trx: Transaction<Database>,
  campaigns: readonly SeedCampaign[],
  day: SeedDay,
): Promise<void> {
  const isOpen = ({ row }: SeedCampaign) => row.status === 'SUBMITTED' || row.status === 'IN_REVIEW';
  const caseId = ({ cast }: SeedCampaign) => seedId('rev', cast.number);
  await insertMany(
    trx,
    'review_cases',
    campaigns.map((campaign) => ({
      id: caseId(campaign),
      campaign_id: campaign.cast.id,
      due_at: new Date(campaign.row.created_at.getTime() + reviewDays * 86_400_000),
      closed_at: isOpen(campaign) ? null : day.at(-(campaign.liveDaysAgo ?? 1), 10),
      created_at: campaign.row.created_at,
    })),
  );
  const gates = campaigns.flatMap((campaign) =>
    gateKinds.map((kind, index) => {
      const state = gateState(campaign, index);
      const isDecided = state !== 'OPEN';
      return {
        case_id: caseId(campaign),
        kind,
        state,
        decided_by: isDecided ? personOf(reviewerOf[kind]).id : null,
        decided_at: isDecided ? day.at(-(campaign.liveDaysAgo ?? 1), 9) : null,
        reason: isDecided
          ? (campaign.row.status_reason ?? '材料齐全，核实无误。Complete and verified.')
          : null,
      };
    }),
  );
  await insertMany(trx, 'review_gates', gates);
  await insertMany(
    trx,
    'gate_decisions',
    gates.flatMap(({ decided_by: by, decided_at: at, reason, ...gate }, index) =>
      by === null || at === null || reason === null
        ? []
        : [{ ...gate, id: seedId('gdn', index), decided_by: by, decided_at: at, reason }],
    ),
  );
}

/** The first gates of a campaign in review are passed; one that was sent back or rejected failed at the second. */
function gateState({ cast, row }: SeedCampaign, index: number): GateState {
  switch (row.status) {
    case 'SUBMITTED':
      return 'OPEN';
    case 'IN_REVIEW':
      return index < createRandom(`campaigns:gates:${cast.number}`).int(1, 2) ? 'PASSED' : 'OPEN';
    case 'NEEDS_INFO':
    case 'REJECTED':
      if (index === 1) return row.status === 'REJECTED' ? 'FAILED' : 'NEEDS_INFO';
      return index === 0 ? 'PASSED' : 'OPEN';
    default:
      return 'PASSED';
  }
}
