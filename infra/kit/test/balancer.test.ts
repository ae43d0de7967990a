import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startBalancer } from '../src/proxy/proxy.ts';

let servers: Server[];

async function serve(name: string): Promise<Server> {
  const server = createServer((_request, response) => response.setHeader('connection', 'close').end(name));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const ask = async (url: string) => (await fetch(url)).text();

beforeEach(async () => {
  servers = [await serve('one'), await serve('two')];
});
afterEach(() => {
  for (const server of servers) server.close();
});

test('connections go to the processes in turn, and past one that is away', async () => {
  await using balancer = await startBalancer();
  const urls = servers.map(urlOf);
  balancer.aim(urls);
  expect([await ask(balancer.url), await ask(balancer.url)].toSorted()).toEqual(['one', 'two']);
  servers[0]?.close();
  expect([await ask(balancer.url), await ask(balancer.url)]).toEqual(['two', 'two']);
});

test('when nobody is there the connection is closed', async () => {
  await using balancer = await startBalancer();
  await expect(fetch(balancer.url)).rejects.toThrow('fetch failed');
});
