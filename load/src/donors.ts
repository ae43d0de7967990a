import { people } from '@banyan/seed';
import { z } from 'zod';
import { ask } from './graph.ts';

/** Donors who have signed in: they are known by the place of their token. */
export interface Donors {
  readonly phones: readonly string[];
  readonly tokens: readonly string[];
  /** When the first of the tokens ends, in milliseconds since the epoch. */
  readonly endAtMs: number;
}

/** Donors who sign in before a run. */
const signedInDonors = 20;
/** Access tokens live 15 minutes; a minute before, their donors go on as guests. */
const usableMs = 14 * 60 * 1_000;

const codeMutation =
  'mutation Code($phone: String!) { requestSignInCode(input: { phone: $phone }) { sentTo } }';
const signInMutation = `mutation SignIn($phone: String!, $code: String!) {
  signIn(input: { phone: $phone, code: $code, deviceName: "load" }) { accessToken }
}`;
const codeShape = z.object({ requestSignInCode: z.object({ sentTo: z.string().nullable() }) });
const signInShape = z.object({ signIn: z.object({ accessToken: z.string().nullable() }) });
const outboxShape = z.object({ messages: z.array(z.object({ text: z.string() })) });

async function lastCode(sandboxUrl: string, phone: string): Promise<string | undefined> {
  const response = await fetch(`${sandboxUrl}/sms/outbox?phone=${encodeURIComponent(phone)}`);
  const { messages } = outboxShape.parse(await response.json());
  return messages[0]?.text.match(/\b\d{6}\b/)?.[0];
}

/** Null for who asked for a code a moment ago. */
async function signIn(graphUrl: string, sandboxUrl: string, phone: string): Promise<string | null> {
  const asked = codeShape.parse(await ask(graphUrl, codeMutation, { phone }));
  if (asked.requestSignInCode.sentTo === null) return null;
  const code = await lastCode(sandboxUrl, phone);
  if (code === undefined) return null;
  return signInShape.parse(await ask(graphUrl, signInMutation, { phone, code })).signIn.accessToken;
}

/** Part of the cast, another one each time, so that two runs in a row do not ask for codes twice. */
export function pickPhones(): string[] {
  const start = Math.floor(Math.random() * (people.length - signedInDonors));
  return people.slice(start, start + signedInDonors).map((person) => person.phone);
}

/** Signs people in by the code of a message, as they do; without a sandbox to read it from, nobody. */
export async function signInDonors(
  graphUrl: string,
  sandboxUrl: string | undefined,
  phones: readonly string[],
): Promise<Donors> {
  const endAtMs = Date.now() + usableMs;
  if (sandboxUrl === undefined) return { phones: [], tokens: [], endAtMs };
  const all = await Promise.all(
    phones.map(async (phone) => ({ phone, token: await signIn(graphUrl, sandboxUrl, phone) })),
  );
  const signedIn = all.flatMap(({ phone, token }) => (token === null ? [] : [{ phone, token }]));
  return { phones: signedIn.map(({ phone }) => phone), tokens: signedIn.map(({ token }) => token), endAtMs };
}
