import { expect, onTestFinished, test } from 'vitest';
import { createLogger, createRegistry, createService, type ReadinessCheck } from '../src/service/service.ts';

/** A service that depends on a database, over real HTTP. */
async function startService(database: ReadinessCheck) {
  const service = createService({
    name: 'boards',
    log: createLogger({ service: 'test', level: 'silent' }),
    registry: createRegistry('boards'),
    routes: {},
    readiness: { database },
  });
  const { url } = await service.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => service.close(0));
  const ask = async () => {
    const response = await fetch(`${url}/health/ready`);
    return { status: response.status, body: await response.json() };
  };
  return { service, ask };
}

test('however many ask whether a service is ready, what it depends on is asked once for all of them', async () => {
  let count = 0;
  const answered = Promise.withResolvers<void>();
  const { service, ask } = await startService(() => {
    count += 1;
    return answered.promise;
  });
  let waiting = 0;
  service.server.on('request', () => {
    waiting += 1;
    if (waiting === 50) answered.resolve();
  });
  const answers = Array.from({ length: 50 }, ask);
  for (const { status, body } of await Promise.all(answers))
    expect([status, body]).toEqual([200, { status: 'ready', checks: { database: 'ok' } }]);
  expect(count).toBe(1);
});

test('a service that is ready again, or no longer, says so', async () => {
  let isThere = true;
  const { ask } = await startService(() =>
    isThere ? Promise.resolve() : Promise.reject(new Error('The database is away.')),
  );
  expect((await ask()).status).toBe(200);
  isThere = false;
  await expect
    .poll(ask)
    .toEqual({ status: 503, body: { status: 'not ready', checks: { database: 'failing' } } });
  isThere = true;
  await expect.poll(async () => (await ask()).status).toBe(200);
});

test('a service that is about to end says so at once, though what it depends on hangs', async () => {
  const { service, ask } = await startService(() => Promise.withResolvers<void>().promise);
  const draining = service.drain(60_000);
  expect(await ask()).toMatchObject({ status: 503, body: { status: 'closing' } });
  await service.close(0);
  await draining;
});
