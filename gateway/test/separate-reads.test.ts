import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { anonymous, type Caller } from '@banyan/kit/hop';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTestHopClient } from './support/hop-client.ts';
import { read, startBoth } from './support/joined-reads.ts';
import { startRawServer } from './support/raw-server.ts';
import { key, kindOf } from './support/shop-processes.ts';

const person = (subject: string, roles: string[] = []): Caller => ({ subject, roles: new Set(roles) });

describe('what travels by itself', () => {
  test.each([
    ['another caller', { caller: person('usr_1') }, { caller: person('usr_2') }],
    ['a stranger', { caller: person('usr_1') }, { caller: anonymous }],
    ['an app', { caller: person('usr_1') }, { caller: appOf('usr_1') }],
    ['another language', { language: 'zh-CN' }, { language: 'en' }],
    ['other roles', { caller: person('usr_1') }, { caller: person('usr_1', ['REVIEWER']) }],
    ['another question', { query: '{ hello }' }, { query: '{ caller }' }],
    ['other variables', { variables: '{"name":"a"}' }, { variables: '{"name":"b"}' }],
    ['an answer that says what it shows', {}, { wantsDependencies: true }],
    ['a change', {}, { canRepeat: false }],
  ])('%s', async (_what, one, other) => {
    const { shop, client } = await startBoth();
    const askBoth = () =>
      Promise.all([client.ask({ ...read, ...one }), client.ask({ ...read, ...other })].map(kindOf));
    // The first time assertions are signed, which takes more than a turn.
    await askBoth();
    shop.operations.length = 0;
    expect(await askBoth()).toEqual(['answered', 'answered']);
    expect(shop.operations).toHaveLength(2);
  });

  test('equal changes', async () => {
    const { shop, client } = await startBoth();
    const query = 'mutation { buy(itemId: "itm_1") }';
    await Promise.all([client.ask({ query }), client.ask({ query })]);
    expect(shop.operations).toHaveLength(2);
  });

  test('a read that comes when its like has left', async () => {
    const { shop, client } = await startBoth();
    const first = client.ask({ ...read, query: '{ slow }' });
    await expect.poll(() => shop.operations.length).toBe(1);
    const second = client.ask({ ...read, query: '{ slow }' });
    await expect.poll(() => shop.operations.length).toBe(2);
    shop.stage.slow.resolve('at last');
    expect(await Promise.all([first, second])).toHaveLength(2);
  });
});

test('nobody is told less than was so when they asked, whoever else asks the same', async () => {
  let version = 0;
  const url = await startRawServer((_request, response) => {
    const body = JSON.stringify({ data: { version } });
    // Late, so that others ask meanwhile.
    void delay(1).then(() => response.end(body));
  });
  const client = await createTestHopClient([url], { key, maxConnections: 2 });
  const act = fc.constantFrom('ask', 'change', 'turn', 'wait');
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 60 }), async (acts) => {
      const asked: Promise<{ told: unknown; was: number }>[] = [];
      for (const each of acts) {
        if (each === 'change') version += 1;
        else if (each === 'turn') await nextTurn();
        else if (each === 'wait') await Promise.race([...asked, nextTurn()]);
        else {
          const was = version;
          asked.push(client.ask(read).then(({ data }) => ({ told: data?.['version'], was })));
        }
      }
      for (const { told, was } of await Promise.all(asked)) expect(told).toBeGreaterThanOrEqual(was);
    }),
    { numRuns: 60 },
  );
});

function appOf(id: string): Caller {
  return { ...anonymous, app: { id, organisationId: 'org_1', scopes: new Set(), sandbox: false } };
}
