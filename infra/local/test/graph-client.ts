import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../src/services.ts';
import type { System } from '../src/system.ts';

/** Where the operations are that show how the graph is asked. */
export const examplesFolder = join(repositoryRoot, 'schema/operations');

/** One of them. */
export function readExample(file: string): string {
  return readFileSync(join(examplesFolder, file), 'utf8');
}

/** What the graph answered. */
export interface GraphAnswer<Data> {
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
}

/** Sends one operation through the gateway. */
export async function askGraph<Data>(
  system: System,
  query: string,
  variables: object,
  token?: string,
): Promise<GraphAnswer<Data>> {
  const response = await fetch(`${system.urls['gateway'] ?? ''}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphAnswer<Data>;
}

/** A mutation of one argument, `input`, and what its payload shall tell. */
interface Change {
  readonly mutation: string;
  readonly input: object;
  readonly selection: string;
  /** The input's type; by default named after the mutation. */
  readonly inputType?: string;
}

/** Makes a change in somebody's name; gives its payload. */
export async function changeGraph<Payload>(
  system: System,
  token: string,
  {
    mutation,
    input,
    selection,
    inputType = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`,
  }: Change,
): Promise<Payload> {
  const query = `mutation ($input: ${inputType}!) { payload: ${mutation}(input: $input) { ${selection} } }`;
  const { data, errors } = await askGraph<{ payload: Payload }>(system, query, { input }, token);
  if (errors !== undefined) throw new Error(`${mutation} was answered with ${JSON.stringify(errors)}`);
  return data.payload;
}

/** Signs in as a person does: by the code of a message. Gives the access token. */
export async function signInBySms(system: System, phone: string): Promise<string> {
  await askGraph(system, 'mutation ($p: String!) { requestSignInCode(input: { phone: $p }) { sentTo } }', {
    p: phone,
  });
  const outbox = await fetch(`${system.urls['sandbox'] ?? ''}/sms/outbox?phone=${encodeURIComponent(phone)}`);
  const code = /\b\d{6}\b/.exec(await outbox.text())?.[0];
  const { data } = await askGraph<{ signIn: { accessToken: string | null } }>(
    system,
    'mutation ($p: String!, $c: String!) { signIn(input: { phone: $p, code: $c, deviceName: "test" }) { accessToken } }',
    { p: phone, c: code },
  );
  if (data.signIn.accessToken === null) throw new Error(`${phone} could not sign in`);
  return data.signIn.accessToken;
}

/** Database queries of all subgraphs so far that clients' operations caused. */
export async function operationQueries(system: System): Promise<number> {
  const counts = await Promise.all(
    Object.keys(system.databases).map(async (name) => {
      const text = await (await fetch(`${system.urls[name] ?? ''}/metrics`)).text();
      const lines = text.matchAll(/^banyan_db_queries_total\{[^}]*origin="operation"[^}]*\} (\d+)/gm);
      return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
