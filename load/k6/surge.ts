import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { signInDonors } from './lib/donors.ts';
import { give, look } from './lib/give.ts';
import { settings } from './lib/settings.ts';

const { rate, seconds } = settings;
const rampSeconds = Math.max(1, Math.floor(seconds / 4));
const readers = Math.max(1, Math.floor(rate / 4));

export const options: Options = {
  scenarios: {
    donors: {
      executor: 'ramping-arrival-rate',
      exec: 'donor',
      startRate: Math.max(1, Math.floor(rate / 10)),
      timeUnit: '1s',
      preAllocatedVUs: Math.min(1_000, Math.max(50, rate)),
      maxVUs: 2_000,
      stages: [
        { target: rate, duration: `${rampSeconds}s` },
        { target: rate, duration: `${seconds - rampSeconds}s` },
      ],
      gracefulStop: '60s',
    },
    readers: {
      executor: 'constant-arrival-rate',
      exec: 'reader',
      rate: readers,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: Math.min(200, Math.max(10, readers)),
      maxVUs: 400,
    },
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
  systemTags: ['name', 'status', 'scenario'],
  discardResponseBodies: false,
  insecureSkipTLSVerify: true,
};

interface RunData {
  accessTokens: string[];
}

export function setup(): RunData {
  return { accessTokens: signInDonors() };
}

/** Nine gifts of ten go to the one campaign that everybody shares. */
function pickCampaign(): string {
  const [hot = '', ...others] = settings.campaignIds;
  return Math.random() < 0.9 || others.length === 0
    ? hot
    : (others[Math.floor(Math.random() * others.length)] ?? hot);
}

function randomText(): string {
  return Math.random().toString(36).slice(2, 12).padEnd(10, '0');
}

/** Gives once; one in five sends the same gift again afterwards, as a phone does that lost the answer; then looks. */
export function donor({ accessTokens }: RunData): void {
  const iteration = exec.scenario.iterationInTest;
  const signedIn = accessTokens.length > 0 && iteration % 2 === 0;
  const gift = {
    // A guest's first key is the guest's secret, so it must not be guessable.
    key: `${settings.runId}-${iteration}-${randomText()}`,
    campaignId: pickCampaign(),
    amount: 1 + Math.floor(Math.random() * 20_000),
    accessToken: signedIn ? accessTokens[iteration % accessTokens.length] : undefined,
    guestToken: undefined,
  };
  const totals = give(gift);
  if (totals === null) return;
  if (iteration % 5 === 0) give(gift);
  look(gift.campaignId, totals.version, gift.accessToken);
}

let lastVersion = '0';

/** Looks at the hot campaign again and again; what it saw once must not go back. */
export function reader(): void {
  const hot = settings.campaignIds[0] ?? '';
  lastVersion = look(hot, lastVersion)?.version ?? lastVersion;
}
