import { sleep } from 'k6';
import { ask } from './graph.ts';
import { observe } from './observe.ts';
import { accessTokenOf } from './sessions.ts';

const end = `mutation End($input: ChangeCampaignStatusInput!) {
  changeCampaignStatus(input: $input) { campaign { id } userErrors { code } }
}`;
const readStatus = 'query Status($id: ID!) { campaign(id: $id) { status totals { version } } }';
const maxAttempts = 60;

/** Ends a campaign as its organiser, however often it takes, and writes down when it is known to have ended. */
export function close({ campaignId, organiser }: { campaignId: string; organiser: number }): void {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const accessToken = accessTokenOf(organiser);
    const input = { campaignId, action: 'END', reason: 'The sum is reached.' };
    // Once it has ended, ending it again is refused: what counts is where it stands.
    ask({ query: end, variables: { input }, name: 'end campaign', accessToken });
    const { data } = ask<{ campaign: { status: string; totals: { version: string } } | null }>({
      query: readStatus,
      variables: { id: campaignId },
      name: 'status',
      accessToken,
    });
    if (data?.campaign?.status === 'ENDED') {
      observe({ kind: 'closed', campaignId, version: data.campaign.totals.version });
      return;
    }
    sleep(0.5);
  }
}
