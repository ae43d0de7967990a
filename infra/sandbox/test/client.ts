import { createSandbox, type SandboxOptions } from '../src/sandbox.ts';

export const merchant = 'campaigns';
export const secret = 'a-secret-of-the-tests';

export interface Answered {
  readonly status: number;
  readonly replayed: boolean;
  readonly body: Answer;
}

export interface TestSandbox {
  readonly url: string;
  get(path: string): Promise<Answered>;
  delete(path: string): Promise<Answered>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  stop(): Promise<void>;
}

/** A started sandbox and short words to speak to it. */
export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const sandbox = createSandbox({
    merchants: { [merchant]: secret },
    notifyRetryMs: [1, 1, 1],
    ...options,
  });
  const { url } = await sandbox.start();
  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    ask(method, url + path, body, headers);
  return {
    url,
    get: (path) => call('GET', path),
    delete: (path) => call('DELETE', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    stop: () => sandbox.stop(),
  };
}

/** One request with the merchant's credentials. */
export async function ask(
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { authorization: basic(merchant, secret), 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    replayed: response.headers.get('idempotent-replayed') === 'true',
    body: (isJson ? JSON.parse(text) : text) as Answer,
  };
}

/** An answer read loosely: tests say which parts they expect. */
export type Answer = { readonly [key: string]: Answer } & string;

export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}
