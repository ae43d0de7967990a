import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { closeAtOnce } from '../src/service/service.ts';

test('a server is closed at once, also while somebody waits for an answer that never comes', async () => {
  const server = createServer();
  const asked = once(server, 'request');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(String);
  await asked;
  await closeAtOnce(server);
  expect(server.listening).toBe(false);
  expect(await answer).toBe('TypeError: fetch failed');
});
