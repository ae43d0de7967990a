import { people, personas, type PersonaName } from '@banyan/seed';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { DonorTokens } from './donors.ts';
import { ask, GraphUnavailable } from './graph.ts';
import { refresh, signIn, type Session } from './sessions.ts';

/** A campaign that is to be ended in mid-load, and the place of the donor who has raised it. */
export interface RaisedCampaign {
  readonly campaignId: string;
  readonly organiser: number;
}

/** Every so many seconds a campaign ends. */
const secondsEach = 10;
/** A code is sent to one phone every 30 seconds. */
const maxSignInAttempts = 8;
const signInPauseMs = 5_000;

/** Who passes which gate: three pairs of eyes. */
const gates = [
  ['DATA', 'reviewer'],
  ['CROWD', 'secondReviewer'],
  ['CUSTOMER_SERVICE', 'customerService'],
] as const satisfies readonly (readonly [gate: string, by: PersonaName])[];

const submit = `mutation Raise($input: SubmitProjectInput!) {
  submitProject(input: $input) { campaign { id } userErrors { message } }
}`;
const readQueue = `query Queue($after: String) {
  reviewQueue(first: 100, after: $after) { nodes { id campaign { id } } pageInfo { hasNextPage endCursor } }
}`;
const decide = `mutation Decide($input: DecideReviewGateInput!) {
  decideReviewGate(input: $input) { campaign { status } userErrors { message } }
}`;
const errors = z.array(z.object({ message: z.string() }));
const submitted = z.object({
  submitProject: z.object({ campaign: z.object({ id: z.string() }).nullable(), userErrors: errors }),
});
const queue = z.object({
  reviewQueue: z.object({
    nodes: z.array(z.object({ id: z.string(), campaign: z.object({ id: z.string() }) })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});
const decided = z.object({
  decideReviewGate: z.object({ campaign: z.object({ status: z.string() }).nullable(), userErrors: errors }),
});

/** Sessions of the staff, kept for the runs of this process: few codes go to one phone. */
const staffSessions = new Map<string, Session>();

/**
 * Raises campaigns that live for one run, one for every ten seconds: donors submit them, three members of staff pass them.
 * @throws GraphUnavailable when the graph lets no campaign go live
 */
export async function raiseCampaigns(
  { graphUrl, sandboxUrl }: { graphUrl: string; sandboxUrl: string },
  { donors }: DonorTokens,
  seconds: number,
): Promise<RaisedCampaign[]> {
  const raised: RaisedCampaign[] = [];
  const count = Math.max(1, Math.floor(seconds / secondsEach));
  for (const [organiser, donor] of donors.entries()) {
    if (donor === null || raised.length >= count) continue;
    raised.push({ campaignId: await raise(graphUrl, donor.accessToken), organiser });
  }
  if (raised.length === 0) throw new GraphUnavailable('Nobody could sign in to raise a campaign.');
  for (const [gate, name] of gates) {
    const accessToken = await signInStaff(graphUrl, sandboxUrl, name);
    const cases = await findCases(graphUrl, accessToken);
    for (const { campaignId } of raised) {
      const input = {
        caseId: cases.get(campaignId),
        gate,
        state: 'PASSED',
        reason: 'A campaign of a load run.',
      };
      const answer = decided.parse(await ask(graphUrl, decide, { input }, accessToken)).decideReviewGate;
      if (answer.campaign === null) throw refused(answer.userErrors);
    }
  }
  return raised;
}

async function raise(graphUrl: string, accessToken: string): Promise<string> {
  const input = {
    kind: 'DREAM',
    details: {
      title: '压力测试项目 A campaign of a load run',
      story: '在压力测试中开始，也在其中结束。It begins and ends in a load run.',
      goal: { minor: '100000000', currency: 'CNY' },
    },
    idempotencyKey: randomUUID(),
  };
  const { campaign, userErrors } = submitted.parse(
    await ask(graphUrl, submit, { input }, accessToken),
  ).submitProject;
  if (campaign === null) throw refused(userErrors);
  return campaign.id;
}

/** The open cases of the review queue by campaign. */
async function findCases(graphUrl: string, accessToken: string): Promise<Map<string, string>> {
  const cases = new Map<string, string>();
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: z.infer<typeof queue>['reviewQueue'] = queue.parse(
      await ask(graphUrl, readQueue, { after }, accessToken),
    ).reviewQueue;
    for (const { id, campaign } of nodes) cases.set(campaign.id, id);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return cases;
}

async function signInStaff(graphUrl: string, sandboxUrl: string, name: PersonaName): Promise<string> {
  const phone = people[personas[name].number - 1]?.phone ?? '';
  const place = `${graphUrl} ${phone}`;
  const known = staffSessions.get(place);
  let session = known === undefined ? null : await refresh(graphUrl, known);
  for (let attempt = 1; session === null && attempt <= maxSignInAttempts; attempt += 1) {
    if (attempt > 1) await delay(signInPauseMs);
    session = await signIn(graphUrl, sandboxUrl, phone);
  }
  if (session === null)
    throw new GraphUnavailable(`${personas[name].latinName} could not sign in to review.`);
  staffSessions.set(place, session);
  return session.accessToken;
}

function refused(userErrors: z.infer<typeof errors>): GraphUnavailable {
  return new GraphUnavailable(`The graph refuses a campaign: ${userErrors[0]?.message ?? 'without a word'}`);
}
