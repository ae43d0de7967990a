import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSwitchingProxy } from '../src/proxy/proxy.ts';

let one: Server;
let two: Server;

async function serve(name: string): Promise<Server> {
  const server = createServer((_request, response) => response.setHeader('connection', 'close').end(name));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/path`;
const ask = async (url: string) => (await fetch(url)).text();

beforeEach(async () => {
  one = await serve('one');
  two = await serve('two');
});
afterEach(() => {
  one.close();
  two.close();
});

test('connections go to one server until they are led to another', async () => {
  await using proxy = await startSwitchingProxy(urlOf(one));
  expect(new URL(proxy.url).pathname).toBe('/path');
  expect(await ask(proxy.url)).toBe('one');
  proxy.switchTo(urlOf(two));
  expect([await ask(proxy.url), await ask(proxy.url)]).toEqual(['two', 'two']);
});

test('when the server is not there the connection is closed', async () => {
  await using proxy = await startSwitchingProxy(urlOf(one));
  one.close();
  await expect(fetch(proxy.url)).rejects.toThrow('fetch failed');
});
