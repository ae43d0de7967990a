import { createHash, randomBytes } from 'node:crypto';
import { ConfigError } from '@banyan/kit/service';
import { describe, expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';
import { askTimes, narrow, statuses } from './support/quotas.ts';

const items = 'query ($n: Int) { items(first: $n) { id } }';

describe('a caller who asks too much', () => {
  test('is told when to come back, and no subgraph is asked', async () => {
    const edge = await startEdge(narrow);
    expect(statuses(await askTimes(edge, 5))).toEqual([200, 200, 200, 200, 200]);
    const { status, headers, body } = await edge.ask('{ hello }');
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toMatch(/^1[0-2]$/);
    expect(body).toEqual({
      errors: [
        {
          message: 'There were too many requests; wait a moment.',
          extensions: {
            code: 'RATE_LIMITED',
            policy: 'requests',
            retryAfterSeconds: Number(headers.get('retry-after')),
          },
        },
      ],
    });
    expect(headers.get('ratelimit')).toBe(`"requests";r=0;t=${headers.get('retry-after')}, "cost";r=39;t=1`);
    expect(edge.shop.operations).toHaveLength(5);
    const metrics = await (await fetch(`${edge.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/banyan_edge_quota_refusals_total\{plan="stranger",service="gateway"\} 1/);
  });

  test('is told what is left with every answer, also with those that refuse', async () => {
    const edge = await startEdge(narrow);
    const policy = '"requests";q=5;w=60, "cost";q=60;w=60;qu="points"';
    const answers = [
      await edge.ask('{ hello }'),
      await edge.ask('{ nothing }'),
      await edge.ask('{ items(first: 101) { id } }'),
      await edge.ask('{ hello '),
    ];
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(answers.map(() => policy));
    expect(answers.map(({ headers }) => /r=(\d)/.exec(headers.get('ratelimit') ?? '')?.[1])).toEqual([
      '4',
      '3',
      '2',
      '1',
    ]);
  });

  test('is charged by its address for what cannot even be read', async () => {
    const edge = await startEdge(narrow);
    const refused = [
      await edge.send({ method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
      await edge.send({ method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }),
      await edge.send({ path: '/graphql?query={hello}' }),
      await edge.ask('{ hello }', { headers: { authorization: 'Bearer x' } }),
      await edge.ask('{ hello }', { headers: { accept: 'text/csv' } }),
    ];
    expect(statuses(refused)).toEqual([400, 415, 400, 401, 406]);
    const again = await edge.ask('{ hello }', { headers: { authorization: 'Bearer x' } });
    expect(again.status).toBe(429);
    const headers = { authorization: `Bearer ${await edge.token()}` };
    expect((await edge.ask('{ hello }', { headers })).status).toBe(200);
  });

  test('is told to wait because of the cost alone, while cheap operations go on', async () => {
    const edge = await startEdge(narrow);
    // That it comes for the first time costs 22 points besides.
    expect((await edge.ask(items, { variables: { n: 10 } })).status).toBe(200);
    expect((await edge.ask(items, { variables: { n: 20 } })).status).toBe(200);
    const dear = await edge.ask(items, { variables: { n: 20 } });
    expect(dear.status).toBe(429);
    expect(dear.body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', policy: 'cost' });
    expect((await edge.ask(items, { variables: { n: 5 } })).status).toBe(200);
  });

  test('has a budget for each person, beside that of the address', async () => {
    const edge = await startEdge(narrow);
    const ofPerson = async (sub: string) => ({ authorization: `Bearer ${await edge.token({ sub })}` });
    await askTimes(edge, 6);
    const seven = [200, 200, 200, 200, 200, 200, 200];
    expect(statuses(await askTimes(edge, 8, await ofPerson('usr_1')))).toEqual([...seven, 429]);
    expect(statuses(await askTimes(edge, 7, await ofPerson('usr_2')))).toEqual(seven);
  });

  test('has a budget for each app, of its own size where it has one', async () => {
    const rates = { app_big: { requestsPerMinute: 4, costPerMinute: 20 } };
    const edge = await startEdge({
      ...narrow,
      QUOTA_APP_REQUESTS_PER_MINUTE: '2',
      QUOTA_APPS: JSON.stringify(rates),
    });
    const keyOf = (appId: string) => {
      const key = `bk_live_${randomBytes(32).toString('base64url')}`;
      edge.users.state.apiKeys.set(createHash('sha256').update(key).digest('base64url'), {
        state: 'live',
        appId,
        organisationId: 'org_1',
        scopes: [],
        sandbox: false,
        expiresAtMs: Date.now() + 3_600_000,
      });
      return { 'banyan-api-key': key };
    };
    expect(statuses(await askTimes(edge, 3, keyOf('app_small')))).toEqual([200, 200, 429]);
    // A second key of the same app has no second budget.
    expect(statuses(await askTimes(edge, 1, keyOf('app_small')))).toEqual([429]);
    expect(statuses(await askTimes(edge, 5, keyOf('app_big')))).toEqual([200, 200, 200, 200, 429]);
  });

  describe('with two pages of a hundred to spend', () => {
    const twoPages = {
      ...narrow,
      MAX_COST: '200',
      QUOTA_STRANGER_COST_PER_MINUTE: '200',
      QUOTA_PERSON_COST_PER_MINUTE: '200',
    };
    /** What is left after an operation; meanwhile some points come back. */
    async function leftAfter(query: string, asked: Record<string, string> = {}): Promise<number> {
      const edge = await startEdge(twoPages);
      // What comes for the first time costs more.
      const authorization = `Bearer ${await edge.token()}`;
      for (const known of [query, '{ hello }'])
        await edge.ask(known, { variables: { n: 1 }, headers: { ...asked, authorization } });
      await edge.ask(query, { variables: { n: 100 }, headers: asked });
      const { headers } = await edge.ask('{ hello }');
      return Number(/"cost";r=(\d+);/.exec(headers.get('ratelimit') ?? '')?.[1]);
    }

    test('is charged for what it uses of a page, not for what it might have been', async () => {
      // There are five.
      expect(await leftAfter(items)).toBeGreaterThanOrEqual(195);
    });

    test.each([
      ['a part of it failed', 'query ($n: Int) { items(first: $n) { id } forbidden }'],
      ['its time was over', 'query ($n: Int) { items(first: $n) { id } hangs }'],
      ['a subgraph had no room', 'query ($n: Int) { busyItems(first: $n) { id } }'],
    ])('is charged for all that it asked for when %s: the work may have been done', async (_what, query) => {
      expect(await leftAfter(query, { 'banyan-deadline-ms': '500' })).toBeLessThan(150);
    });

    test.each([
      ['a field that is not there', 'query ($n: Int) { items(first: $n) { id nothing } }'],
      ['a variable of another type', 'query ($n: String) { items(first: 100) { id } hello(name: $n) }'],
    ])('is charged nothing for what is refused before anything is done: %s', async (_what, query) => {
      expect(await leftAfter(query)).toBe(200);
    });
  });

  test('does not become another by a header of its own making', async () => {
    const edge = await startEdge(narrow);
    await askTimes(edge, 5, { 'x-forwarded-for': '192.0.2.1' });
    expect(statuses(await askTimes(edge, 1, { 'x-forwarded-for': '192.0.2.2' }))).toEqual([429]);
  });

  test('behind our own proxy is the one whom the proxy saw', async () => {
    const edge = await startEdge({ ...narrow, TRUSTED_PROXIES: '1' });
    await askTimes(edge, 5, { 'x-forwarded-for': '198.51.100.9, 192.0.2.1' });
    expect(statuses(await askTimes(edge, 1, { 'x-forwarded-for': '198.51.100.8, 192.0.2.1' }))).toEqual([
      429,
    ]);
    expect(statuses(await askTimes(edge, 1, { 'x-forwarded-for': '192.0.2.2' }))).toEqual([200]);
  });
});

test('a gift goes through when everything else of the caller is used up', async () => {
  const edge = await startEdge({ ...narrow, GIFT_FIELDS: 'buy' });
  await askTimes(edge, 6);
  const gift = await edge.ask('mutation { buy(itemId: 1) }');
  expect(gift.body).toEqual({ data: { buy: 'bought 1' } });
  expect(gift.headers.get('ratelimit-policy')).toMatch(/^"gift-requests";q=6000;w=60, "gift-cost";/);
});

test('what is read beside a gift makes it no gift', async () => {
  const edge = await startEdge({ ...narrow, GIFT_FIELDS: 'hello' });
  expect((await edge.ask('{ hello }')).headers.get('ratelimit-policy')).toMatch(/^"gift-requests"/);
  const both = await edge.ask('{ hello items(first: 1) { id } }');
  expect(both.headers.get('ratelimit-policy')).toMatch(/^"requests"/);
});

test('nobody is counted where budgets are off', async () => {
  const edge = await startEdge({ ...narrow, QUOTAS: 'off' });
  const answers = await askTimes(edge, 8);
  expect(statuses(answers)).toEqual(answers.map(() => 200));
  expect(answers[0]?.headers.has('ratelimit')).toBe(false);
});

test('a budget that no operation of the greatest cost fits in is a wrong setting', async () => {
  await expect(startEdge({ MAX_COST: '2000', QUOTA_PERSON_COST_PER_MINUTE: '1999' })).rejects.toThrow(
    ConfigError,
  );
});
