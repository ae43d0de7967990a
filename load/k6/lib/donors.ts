import http from 'k6/http';
import { ask } from './graph.ts';
import { settings } from './settings.ts';

interface CodeData {
  requestSignInCode: { sentTo: string | null };
}
interface SignInData {
  signIn: { accessToken: string | null; userErrors: readonly { code: string }[] };
}

function lastCode(phone: string): string | undefined {
  const response = http.get(`${settings.sandboxUrl}/sms/outbox?phone=${encodeURIComponent(phone)}`, {
    tags: { name: 'sms outbox' },
  });
  const text = JSON.stringify(response.json());
  return text.match(/\b\d{6}\b/)?.[0];
}

function signIn(phone: string): string | null {
  const requested = ask<CodeData>(
    'mutation Code($phone: String!) { requestSignInCode(input: { phone: $phone }) { sentTo } }',
    { phone },
    { name: 'request code' },
  );
  if (!requested.data?.requestSignInCode.sentTo) return null;
  const code = lastCode(phone);
  if (code === undefined) return null;
  const signedIn = ask<SignInData>(
    `mutation SignIn($phone: String!, $code: String!) {
      signIn(input: { phone: $phone, code: $code, deviceName: "k6" }) { accessToken userErrors { code } }
    }`,
    { phone, code },
    { name: 'sign in' },
  );
  return signedIn.data?.signIn.accessToken ?? null;
}

/** Signs donors in as people do, by the code of a message; who asked for a code a moment ago is left out. */
export function signInDonors(): string[] {
  if (settings.sandboxUrl === '') return [];
  return settings.donorPhones.map(signIn).filter((token) => token !== null);
}
