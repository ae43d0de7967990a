import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOffsets } from '../src/ports.ts';
import { repositoryRoot } from '../src/services.ts';
import { startSystem, type System } from '../src/system.ts';
import { askGraph, operationQueries, signInBySms, type GraphAnswer } from './graph-client.ts';
import { followOverEvents } from './graph-followers.ts';
import { testLive } from './live-tests.ts';

const operations = join(repositoryRoot, 'schema/operations');
const readOperation = (file: string) => readFileSync(join(operations, file), 'utf8');
const donorPhone = '+8613800000001';
const startTimeoutMs = 120_000;

let system: System;
let donor: string;
const ask = <Data = Record<string, unknown>>(query: string, variables: object = {}, token?: string) =>
  askGraph<Data>(system, query, variables, token);

beforeAll(async () => {
  // Longer lists are asked for here than the costs of clients allow.
  const settings = { gateway: { MAX_COST: '100000', QUOTA_APP_COST_PER_MINUTE: '100000' } };
  system = await startSystem({ basePort: 0, fsync: false, environment: process.env, settings });
  donor = await signInBySms(system, donorPhone);
}, startTimeoutMs);
afterAll(() => system.stop());

interface Screen {
  campaign: {
    id: string;
    totals: { donationCount: string };
    donations: { nodes: unknown[] };
    supportingCircles: { nodes: { stations: { hotTopics: unknown[] }[] }[] };
    supporterOffers: unknown[] | null;
  };
  me: { user: { displayName: string }; donations: { nodes: unknown[] } };
}

describe('the flagship screen', () => {
  const flagship = readOperation('campaign-screen.graphql');

  test('shows five subgraphs in one round trip, without an error', async () => {
    const { data, errors } = await ask<Screen>(flagship, {}, donor);
    expect(errors).toBeUndefined();
    expect(data.campaign.donations.nodes).toHaveLength(5);
    expect(data.campaign.supportingCircles.nodes).toHaveLength(3);
    const stations = data.campaign.supportingCircles.nodes.flatMap((circle) => circle.stations);
    expect(stations.some((station) => station.hotTopics.length > 0)).toBe(true);
    expect(data.me.user.displayName).toBe('王秀英');
  });

  test('asks the databases as often for long lists as for short ones', async () => {
    const long = flagship.replace(/first: \d+/g, 'first: 40');
    const short = flagship.replace(/first: \d+/g, 'first: 10');
    const queriesOf = async (operation: string) => {
      const before = await operationQueries(system);
      const { errors } = await ask(operation, {}, donor);
      expect(errors).toBeUndefined();
      return (await operationQueries(system)) - before;
    };
    // The first runs may fill what is kept between operations, and what is ready in one turn may travel in two: the least
    // that an operation needs is what it costs.
    const leastOf = async (operation: string) => {
      const counts = [];
      for (let run = 0; run < 6; run += 1) counts.push(await queriesOf(operation));
      return Math.min(...counts);
    };
    const [forShort, forLong] = [await leastOf(short), await leastOf(long)];
    expect(forShort).toBeGreaterThan(5);
    expect(forLong).toBeLessThanOrEqual(forShort);
  });
});

const followed = 'campaign-totals.graphql';
test.each(readdirSync(operations).filter((file) => file.endsWith('.graphql') && file !== followed))(
  'the example %s runs as it is',
  async (file) => {
    const { data, errors } = await ask(readOperation(file), {}, donor);
    expect(errors).toBeUndefined();
    expect(data).not.toBeNull();
  },
);

const donate = /* GraphQL */ `
  mutation Donate($input: DonateInput!) {
    donate(input: $input) {
      donation {
        id
        state
        amount {
          minor
        }
      }
      campaign {
        totals {
          donationCount
          version
          raised {
            minor
          }
        }
      }
      userErrors {
        code
        field
      }
    }
  }
`;
interface Donated {
  donate: {
    donation: { id: string; state: string } | null;
    campaign: { totals: { donationCount: string; version: string } } | null;
    userErrors: { code: string; field: string[] }[];
  };
}
const hot = /* GraphQL */ `
  query Hot {
    campaign(slug: "liu-zhiqiang") {
      id
      totals {
        donationCount
        version
      }
    }
  }
`;
interface Hot {
  campaign: { id: string; totals: { donationCount: string; version: string } };
}

interface Followed {
  campaignTotalsChanged: {
    organiser: { displayName: string };
    totals: { donationCount: string; version: string };
  };
}

async function give(
  key: string,
  token = donor,
  amount = '1000',
  campaignId?: string,
): Promise<GraphAnswer<Donated>> {
  const hotId = campaignId ?? (await ask<Hot>(hot)).data.campaign.id;
  const input = { campaignId: hotId, amount: { minor: amount, currency: 'CNY' }, idempotencyKey: key };
  return ask<Donated>(donate, { input }, token);
}

describe('a gift', () => {
  test('is told to those who follow the campaign, with what users knows of it', async () => {
    const follower = await followOverEvents<Followed>(system, { query: readOperation(followed) });
    const totalsIn = ({ data, errors }: GraphAnswer<Followed>) => {
      expect(errors).toBeUndefined();
      expect(data.campaignTotalsChanged.organiser.displayName).not.toBe('');
      return data.campaignTotalsChanged.totals;
    };
    let { donationCount, version } = totalsIn(await follower.next());
    const campaignId = (await ask<Hot>(hot)).data.campaign.id;
    const { data } = await give(crypto.randomUUID(), donor, '1000', campaignId);
    const acknowledged = BigInt(data.donate.campaign?.totals.version ?? 0);
    const before = BigInt(donationCount);
    while (BigInt(version) < acknowledged) {
      const told = totalsIn(await follower.next());
      expect(BigInt(told.version)).toBeGreaterThan(BigInt(version));
      ({ donationCount, version } = told);
    }
    expect(BigInt(donationCount)).toBeGreaterThan(before);
    follower.leave();
  });

  test('is in the answer, on the next read, and once however often it is sent', async () => {
    const before = (await ask<Hot>(hot)).data.campaign.totals;
    const key = crypto.randomUUID();
    const first = await give(key);
    const again = await give(key);
    const after = (await ask<Hot>(hot)).data.campaign.totals;
    expect(first.data.donate.donation?.state).toBe('COUNTED');
    expect(again.data.donate.donation?.id).toBe(first.data.donate.donation?.id);
    expect(BigInt(after.donationCount)).toBe(BigInt(before.donationCount) + 1n);
    expect(BigInt(after.version)).toBeGreaterThanOrEqual(
      BigInt(first.data.donate.campaign?.totals.version ?? 0),
    );
  });

  test('under a key that was used with another amount is refused', async () => {
    const key = crypto.randomUUID();
    await give(key);
    const other = await give(key, donor, '2000');
    expect(other.data.donate).toMatchObject({
      donation: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
  });

  test.each(['0', '-5', '9223372036854775807', '1.5', 'ten'])(
    'of %s is refused with a code',
    async (amount) => {
      const { data, errors } = await give(crypto.randomUUID(), donor, amount);
      const codes = [
        ...(data?.donate?.userErrors ?? []).map(({ code }) => code),
        ...(errors ?? []).map(({ extensions }) => extensions.code),
      ];
      expect(codes).toHaveLength(1);
      expect(['AMOUNT_OUT_OF_RANGE', 'INVALID_INPUT', 'BAD_USER_INPUT']).toContain(codes[0]);
    },
  );
});

describe('what clients follow', () => {
  testLive(() => system);
});

/** Ids of campaigns that take yuan. */
async function findCampaigns(count: number): Promise<string[]> {
  const { data } = await ask<{ campaigns: { nodes: { id: string; goal: { currency: string } }[] } }>(
    '{ campaigns(first: 50) { nodes { id goal { currency } } } }',
  );
  return data.campaigns.nodes
    .filter(({ goal }) => goal.currency === 'CNY')
    .slice(0, count)
    .map(({ id }) => id);
}

const trust = /* GraphQL */ `
  query Trust {
    me {
      trust {
        signals {
          kind
          points
        }
      }
    }
  }
`;
interface Trust {
  me: { trust: { signals: { kind: string; points: number }[] } };
}

describe('what happens in one subgraph', () => {
  test('has its effect once in another that was down meanwhile', async () => {
    const person = await signInBySms(system, '+8613900005678');
    const [first, ...others] = await findCampaigns(4);
    // Two points for each campaign given to, however often.
    const points = async () => {
      const answer = await ask<Trust>(trust, {}, person);
      return answer.data?.me?.trust.signals.find(({ kind }) => kind === 'GIVING')?.points ?? 0;
    };
    expect((await give(crypto.randomUUID(), person, '1000', first)).data.donate.donation?.state).toBe(
      'COUNTED',
    );
    // The news of the seed come first.
    await expect.poll(points, { timeout: 60_000 }).toBe(2);

    process.kill(system.pid('users') ?? 0, 'SIGKILL');
    const gifts = await Promise.all(others.map((id) => give(crypto.randomUUID(), person, '1000', id)));
    expect(gifts.map(({ data: { donate: given } }) => given.donation?.state)).toEqual([
      'COUNTED',
      'COUNTED',
      'COUNTED',
    ]);
    await system.ready();
    await expect.poll(points, { timeout: 60_000 }).toBe(8);
  }, 180_000);

  test('leads to offers beside the campaign, with consent alone', async () => {
    const person = await signInBySms(system, '+8613900005679');
    await give(crypto.randomUUID(), person);
    const offers = async () => {
      const { data } = await ask<Screen>(
        '{ campaign(slug: "liu-zhiqiang") { supporterOffers { why } } }',
        {},
        person,
      );
      return data.campaign.supporterOffers?.length ?? 0;
    };
    expect(await offers()).toBe(0);
    const { data } = await ask<{ setConsent: { userErrors: unknown[] } }>(
      'mutation { setConsent(input: { purpose: INSURANCE_OFFERS, granted: true, textVersion: "insurance-offers-1" }) { userErrors { code } } }',
      {},
      person,
    );
    expect(data.setConsent.userErrors).toEqual([]);
    await expect.poll(offers, { timeout: 60_000 }).toBeGreaterThan(0);
  }, 180_000);
});

describe('what is the same for everybody', () => {
  const patience = { timeout: 60_000, interval: 100 };

  test('shows its change at once to who made it, and soon to everybody', async () => {
    const person = await signInBySms(system, '+8613900005680');
    const { data } = await ask<{ me: { user: { id: string } } }>('{ me { user { id } } }', {}, person);
    const nameOf = async (token?: string) => {
      const answer = await ask<{ user: { displayName: string } }>(
        'query ($id: ID!) { user(id: $id) { displayName } }',
        { id: data.me.user.id },
        token,
      );
      return answer.data.user.displayName;
    };
    for (const name of ['Zhang Wei', 'Li Na', 'Wang Fang']) {
      await nameOf();
      await ask(
        'mutation ($name: String!) { updateProfile(input: { displayName: $name }) { userErrors { code } } }',
        { name },
        person,
      );
      expect(await nameOf(person)).toBe(name);
      await expect.poll(() => nameOf(), patience).toBe(name);
    }
  }, 180_000);

  test('counts a new member of a circle for everybody who looks at it', async () => {
    const found = await ask<{
      circles: { nodes: { id: string; access: string; requires: Record<string, string | null> }[] };
    }>('{ circles(first: 50) { nodes { id access requires { realNameLevel trustBand } } } }');
    const id = found.data.circles.nodes.find(
      ({ access, requires }) =>
        access === 'PUBLIC_READ' && requires['realNameLevel'] === 'NONE' && requires['trustBand'] === null,
    )?.id;
    const membersOf = async () => {
      const answer = await ask<{ circle: { memberCount: string } }>(
        'query ($id: ID!) { circle(id: $id) { memberCount } }',
        { id },
      );
      return Number(answer.data.circle.memberCount);
    };
    const before = await membersOf();
    const person = await signInBySms(system, '+8613900005681');
    const { data } = await ask<{ joinCircle: { userErrors: { code: string }[] } }>(
      'mutation ($id: ID!) { joinCircle(input: { circleId: $id }) { userErrors { code } } }',
      { id },
      person,
    );
    expect(data.joinCircle.userErrors).toEqual([]);
    await expect.poll(() => membersOf(), patience).toBe(before + 1);
  }, 180_000);
});

describe('a partner’s app', () => {
  /** Asks by API key. */
  async function askAsApp(query: string, key: string) {
    const response = await fetch(`${system.urls['gateway'] ?? ''}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'banyan-api-key': key },
      body: JSON.stringify({ query }),
    });
    const body = (await response.json()) as GraphAnswer<Record<string, unknown>>;
    return { status: response.status, body };
  }
  const change = async <Data>(mutation: string, input: object, selection: string): Promise<Data> => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { ${selection} } }`;
    return (await ask<{ payload: Data }>(query, { input }, donor)).data.payload;
  };

  test('is made by an organisation, known by its key, and sees what partners see', async () => {
    const { organisation } = await change<{ organisation: { id: string } }>(
      'createOrganisation',
      { name: 'Willow', kinds: ['PARTNER'], idempotencyKey: crypto.randomUUID() },
      'organisation { id }',
    );
    const { app } = await change<{ app: { id: string } }>(
      'createPartnerApp',
      {
        organisationId: organisation.id,
        name: 'Quotes',
        scopes: [],
        sandbox: true,
        idempotencyKey: crypto.randomUUID(),
      },
      'app { id }',
    );
    const { secret } = await change<{ secret: string }>(
      'createApiKey',
      { appId: app.id, idempotencyKey: crypto.randomUUID() },
      'secret',
    );
    const own = await askAsApp('{ partnerApp { id name sandbox organisation { name } } }', secret);
    expect(own.body).toEqual({
      data: { partnerApp: { id: app.id, name: 'Quotes', sandbox: true, organisation: { name: 'Willow' } } },
    });
    const person = await askAsApp('{ me { id } }', secret);
    expect(person.body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const wrong = await askAsApp('{ partnerApp { id } }', `bk_test_${'A'.repeat(43)}`);
    expect(wrong.status).toBe(401);
  });
});

test('the page for operators has every metric that a process tells', async () => {
  const page = readFileSync(join(repositoryRoot, 'docs/for-operators.md'), 'utf8');
  const gateway = new URL(system.urls['gateway'] ?? '');
  gateway.port = String(Number(gateway.port) + portOffsets.admin);
  const places = [gateway.href, ...Object.keys(system.databases).map((name) => system.urls[name] ?? '')];
  const texts = await Promise.all(
    places.map(async (place) => (await fetch(new URL('/metrics', place))).text()),
  );
  const told = texts.flatMap((text) => [...text.matchAll(/^# HELP ((?:banyan|ledger)_\w+)/gm)]);
  const names = new Set(told.map(([, name = '']) => name));
  expect(texts).toHaveLength(6);
  expect(names).toContain('ledger_commit_seconds');
  expect([...names].filter((name) => !page.includes(`\n| \`${name}\` `))).toEqual([]);
});
