import { closeAtOnce } from '@banyan/kit/service';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { signInDonors, type DonorTokens } from '../src/donors.ts';

const phones = ['+8613800000101', '+8613800000102', '+8613800000103'];
/** A life of no length: whatever is issued has to be renewed at once. */
let lifeMs = 0;
let isAway = false;
/** Calls of each mutation by phone, in their order. */
let calls: string[] = [];
/** Refresh tokens that are good for one more session. */
const good = new Map<string, string>();
let issued = 0;
/** Phones that were sent a code a moment ago. */
const resting = new Set<string>();

const requestShape = z.object({
  query: z.string(),
  variables: z.object({ phone: z.string().optional(), token: z.string().optional() }),
});

function session(phone: string | undefined) {
  if (phone === undefined) return { session: { accessToken: null, refreshToken: null, expiresAt: null } };
  issued += 1;
  good.set(`refresh ${issued}`, phone);
  const expiresAt = new Date(Date.now() + lifeMs).toISOString();
  return { session: { accessToken: `${phone} ${issued}`, refreshToken: `refresh ${issued}`, expiresAt } };
}

/** A graph that signs people in, with a sandbox that has every code. */
const server = createServer((request, response) => {
  void text(request).then((body) => {
    const answer = (json: unknown) => response.end(JSON.stringify(json));
    if (request.method === 'GET')
      return answer({ messages: [{ text: 'Banyan: 123456 is your sign-in code.' }] });
    if (isAway) return response.destroy();
    const { query, variables } = requestShape.parse(JSON.parse(body));
    if (query.includes('requestSignInCode')) {
      const sentTo = resting.has(variables.phone ?? '') ? null : 'somebody';
      return answer({ data: { requestSignInCode: { sentTo } } });
    }
    const isRefresh = query.includes('refreshSession');
    const phone = isRefresh ? good.get(variables.token ?? '') : variables.phone;
    good.delete(variables.token ?? '');
    calls.push(`${isRefresh ? 'refresh' : 'sign in'} ${phone ?? 'nobody'}`);
    return answer({ data: session(phone) });
  });
});
let url: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  lifeMs = 0;
  isAway = false;
  calls = [];
  good.clear();
  resting.clear();
});
afterAll(() => closeAtOnce(server));

const phonesOf = ({ donors }: DonorTokens) => donors.map((donor) => donor?.accessToken.split(' ')[0]);

test('whoever signs in stays signed in beyond the life of a token, in the same place', async () => {
  await using donors = await signInDonors(url, url, phones);
  expect(calls.toSorted()).toEqual(phones.map((phone) => `sign in ${phone}`));
  const first = await donors.tokens();
  const second = await donors.tokens();
  expect([phonesOf(first), phonesOf(second)]).toEqual([phones, phones]);
  expect(second.donors).not.toEqual(first.donors);
  expect(calls.slice(3).every((call) => call.startsWith('refresh'))).toBe(true);
});

test('a token that lives on is not renewed', async () => {
  lifeMs = 60 * 60 * 1_000;
  await using donors = await signInDonors(url, url, phones);
  expect(await donors.tokens()).toMatchObject({ donors: (await donors.tokens()).donors });
  expect(calls).toHaveLength(phones.length);
});

test('those who ask together share one renewal: a refresh token is good for one', async () => {
  await using donors = await signInDonors(url, url, phones);
  const ask = async () => (await (await fetch(donors.url)).json()) as DonorTokens;
  const answers = await Promise.all([ask(), ask(), ask(), ask()]);
  expect(answers.map(phonesOf)).toEqual(answers.map(() => phones));
  expect(calls.filter((call) => call === 'refresh nobody')).toEqual([]);
});

test('a session that is over begins anew, by another code', async () => {
  await using donors = await signInDonors(url, url, phones);
  good.clear();
  calls = [];
  expect(phonesOf(await donors.tokens())).toEqual(phones);
  expect(calls.filter((call) => call.startsWith('sign in'))).toHaveLength(phones.length);
});

test('while nobody answers, each donor keeps the place and the token', async () => {
  await using donors = await signInDonors(url, url, phones);
  const before = await donors.tokens();
  isAway = true;
  expect((await donors.tokens()).donors).toEqual(before.donors);
});

test('who cannot be signed in leaves a place that nobody else takes', async () => {
  resting.add(phones[1] ?? '');
  await using donors = await signInDonors(url, url, phones);
  expect(phonesOf(await donors.tokens())).toEqual([phones[0], undefined, phones[2]]);
});

test('without a sandbox there are guests alone', async () => {
  await using donors = await signInDonors(url, undefined, phones);
  expect((await donors.tokens()).donors).toEqual([]);
});
