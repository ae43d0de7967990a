/** Where a campaign stands. Only LIVE takes gifts. */
export const campaignStatuses = [
  'DRAFT',
  'SUBMITTED',
  'IN_REVIEW',
  'NEEDS_INFO',
  'REJECTED',
  'LIVE',
  'PAUSED',
  'FROZEN',
  'ENDED',
  'REFUNDING',
  'CLOSED',
] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

/** What the organiser may do. */
export const campaignActions = ['PAUSE', 'RESUME', 'END', 'WITHDRAW', 'RESUBMIT'] as const;
export type CampaignAction = (typeof campaignActions)[number];

/** What moves a campaign on: its organiser, its reviewers, the calendar. */
export type CampaignStep = CampaignAction | 'EXAMINE' | 'ASK_FOR_INFO' | 'REJECT' | 'APPROVE';

const steps: Readonly<Record<CampaignStep, Partial<Record<CampaignStatus, CampaignStatus>>>> = {
  EXAMINE: { SUBMITTED: 'IN_REVIEW', IN_REVIEW: 'IN_REVIEW' },
  ASK_FOR_INFO: { SUBMITTED: 'NEEDS_INFO', IN_REVIEW: 'NEEDS_INFO' },
  REJECT: { SUBMITTED: 'REJECTED', IN_REVIEW: 'REJECTED' },
  APPROVE: { IN_REVIEW: 'LIVE' },
  PAUSE: { LIVE: 'PAUSED' },
  RESUME: { PAUSED: 'LIVE' },
  END: { LIVE: 'ENDED', PAUSED: 'ENDED' },
  WITHDRAW: { DRAFT: 'CLOSED', SUBMITTED: 'CLOSED', IN_REVIEW: 'CLOSED', NEEDS_INFO: 'CLOSED' },
  RESUBMIT: { NEEDS_INFO: 'SUBMITTED' },
};

/** The status that a step leads to; null when it cannot be taken from here. */
export function nextStatus(from: CampaignStatus, step: CampaignStep): CampaignStatus | null {
  return steps[step][from] ?? null;
}

/** Which fields the organiser may change: what reviewers have passed stays as they saw it, the story of a public campaign goes on. */
export function editableFields(status: CampaignStatus): readonly ('title' | 'story')[] {
  switch (status) {
    case 'DRAFT':
    case 'SUBMITTED':
    case 'NEEDS_INFO':
      return ['title', 'story'];
    case 'LIVE':
    case 'PAUSED':
      return ['story'];
    case 'IN_REVIEW':
    case 'REJECTED':
    case 'FROZEN':
    case 'ENDED':
    case 'REFUNDING':
    case 'CLOSED':
      return [];
    default:
      return status satisfies never;
  }
}

/** Statuses of a campaign that the public knows of. */
export function isPublicStatus(status: CampaignStatus): boolean {
  return ['LIVE', 'PAUSED', 'FROZEN', 'ENDED', 'REFUNDING', 'CLOSED'].includes(status);
}
