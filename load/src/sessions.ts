import { z } from 'zod';
import { ask } from './graph.ts';

/** What a person has who signed in. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

const fields = 'accessToken refreshToken expiresAt';
const codeMutation =
  'mutation Code($phone: String!) { requestSignInCode(input: { phone: $phone }) { sentTo } }';
const signInMutation = `mutation SignIn($phone: String!, $code: String!) {
  session: signIn(input: { phone: $phone, code: $code, deviceName: "load" }) { ${fields} }
}`;
const refreshMutation = `mutation Refresh($token: String!) {
  session: refreshSession(input: { refreshToken: $token }) { ${fields} }
}`;
const codeShape = z.object({ requestSignInCode: z.object({ sentTo: z.string().nullable() }) });
const sessionShape = z.object({
  session: z.object({
    accessToken: z.string().nullable(),
    refreshToken: z.string().nullable(),
    expiresAt: z.iso.datetime({ offset: true }).nullable(),
  }),
});
const outboxShape = z.object({ messages: z.array(z.object({ text: z.string() })) });

async function lastCode(sandboxUrl: string, phone: string): Promise<string | undefined> {
  const response = await fetch(`${sandboxUrl}/sms/outbox?phone=${encodeURIComponent(phone)}`);
  const { messages } = outboxShape.parse(await response.json());
  return messages[0]?.text.match(/\b\d{6}\b/)?.[0];
}

function sessionOf(answer: unknown): Session | null {
  const { accessToken, refreshToken, expiresAt } = sessionShape.parse(answer).session;
  if (accessToken === null || refreshToken === null || expiresAt === null) return null;
  return { accessToken, refreshToken, endsAtMs: Date.parse(expiresAt) };
}

/**
 * Signs a person in by the code of a message, as people do. Null for who asked for a code a moment ago.
 * @throws GraphUnavailable
 */
export async function signIn(graphUrl: string, sandboxUrl: string, phone: string): Promise<Session | null> {
  const asked = codeShape.parse(await ask(graphUrl, codeMutation, { phone }));
  if (asked.requestSignInCode.sentTo === null) return null;
  const code = await lastCode(sandboxUrl, phone);
  return code === undefined ? null : sessionOf(await ask(graphUrl, signInMutation, { phone, code }));
}

/**
 * Trades a session for the next one. Null when it is over: its person has to sign in again.
 * @throws GraphUnavailable
 */
export async function refresh(graphUrl: string, { refreshToken }: Session): Promise<Session | null> {
  return sessionOf(await ask(graphUrl, refreshMutation, { token: refreshToken }));
}
