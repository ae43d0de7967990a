import exec from 'k6/execution';
import { give, look, type Gift } from './give.ts';
import { accessTokenOf, pickDonor } from './sessions.ts';
import { settings } from './settings.ts';

/** The given share of gifts goes to the first campaign, the rest evenly to the others. */
function pickCampaign(hotShare: number): string {
  const [hot = '', ...others] = settings.campaignIds;
  return Math.random() < hotShare || others.length === 0
    ? hot
    : (others[Math.floor(Math.random() * others.length)] ?? hot);
}

function randomText(): string {
  return Math.random().toString(36).slice(2, 12).padEnd(10, '0');
}

/** A gift that was not there before, to the campaign given or one that is picked; every second donor has signed in. */
export function newGift({ hotShare, campaignId }: { hotShare: number; campaignId?: string }): Gift {
  const iteration = exec.scenario.iterationInTest;
  return {
    // A guest's first key is the guest's secret, so it must not be guessable.
    key: `${settings.runId}-${exec.scenario.name}-${iteration}-${randomText()}`,
    campaignId: campaignId ?? pickCampaign(hotShare),
    amount: 1 + Math.floor(Math.random() * 20_000),
    donor: iteration % 2 === 0 ? pickDonor(iteration / 2) : null,
    sentAtMs: Date.now(),
  };
}

/** Gives once; one in five sends the same gift again afterwards, as a phone does that lost the answer; then looks. */
export function giveAndLook({ hotShare }: { hotShare: number }): void {
  const gift = newGift({ hotShare });
  const given = give(gift);
  if (given?.kind !== 'counted') return;
  if (exec.scenario.iterationInTest % 5 === 0) give(gift);
  look(gift.campaignId, given.totals.version, accessTokenOf(gift.donor));
}

const lastVersions = new Map<string, string>();

/** Looks at a campaign again and again; what a reader saw once must not go back. */
export function lookAgain({ hotShare }: { hotShare: number }): void {
  const campaignId = pickCampaign(hotShare);
  const version = look(campaignId, lastVersions.get(campaignId) ?? '0')?.version;
  if (version !== undefined) lastVersions.set(campaignId, version);
}
