import { Pool } from 'undici';
import type { Unknown } from './provider.ts';
import { errorAnswer } from './wire.ts';

/** A definite answer, or none. */
export type Answer =
  | { readonly kind: 'success'; readonly json: unknown }
  | { readonly kind: 'refusal'; readonly status: number; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

export interface Exchange {
  get(path: string): Promise<Answer>;
  post(path: string, json: unknown, idempotencyKey?: string): Promise<Answer>;
  close(): Promise<void>;
}

const maxConnections = 64;
const maxAnswerBytes = 1_048_576;
/** Statuses by which a provider says for certain that it has done nothing. */
const refusals = new Set([400, 401, 403, 404, 413, 422]);

/** Requests to one provider. Each has `timeoutMs` in all, the wait for a connection included. */
export function createExchange(url: string, authorization: string, timeoutMs: number): Exchange {
  const pool = new Pool(url, { connections: maxConnections, maxResponseSize: maxAnswerBytes });

  async function once(path: string, options: RequestOptions, signal: AbortSignal): Promise<Answer> {
    const response = await pool.request({ path, ...options, signal });
    const text = await response.body.text();
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) return success(text);
    const refusal = refusals.has(statusCode) ? errorAnswer.safeParse(parse(text)) : undefined;
    // Whatever stands between us and the provider may answer 404 as well; only the provider's own word counts.
    if (!refusal?.success) return unknown('provider_error');
    const [{ message, extensions }] = refusal.data.errors;
    return { kind: 'refusal', status: statusCode, code: extensions.code, message };
  }

  async function ask(path: string, options: RequestOptions): Promise<Answer> {
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort();
    }, timeoutMs);
    try {
      return await once(path, options, deadline.signal).catch((error: unknown) => {
        if (deadline.signal.aborted) throw error;
        // A connection that the provider has closed meanwhile. Every request carries its key, so a second is harmless.
        return once(path, options, deadline.signal);
      });
    } catch {
      return unknown(deadline.signal.aborted ? 'timeout' : 'connection');
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    get: (path) => ask(path, { method: 'GET', headers: { authorization } }),
    post: (path, json, idempotencyKey) => {
      const headers: Record<string, string> = { authorization, 'content-type': 'application/json' };
      if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
      return ask(path, { method: 'POST', headers, body: JSON.stringify(json) });
    },
    close: () => pool.destroy(),
  };
}

interface RequestOptions {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

function success(text: string): Answer {
  const json = parse(text);
  return json === undefined ? unknown('unreadable_answer') : { kind: 'success', json };
}

export function unknown(reason: Unknown['reason']): Extract<Answer, { kind: 'unknown' }> {
  return { kind: 'unknown', unknown: { outcome: 'unknown', reason } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
