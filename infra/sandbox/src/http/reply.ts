import type { IncomingHttpHeaders } from 'node:http';

/** What a handler gets to see of a request. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Reply =
  | { readonly status: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly html: string }
  | { readonly status: 303; readonly location: string }
  /** The effect is done, the answer never comes: the connection stays open for so long, then breaks. */
  | { readonly silentMs: number };

export type Handler = (call: Call) => Reply | Promise<Reply>;

/** `'POST /payments/orders/:id/pay'` to its handler. */
export type Routes = Readonly<Record<string, Handler>>;

export function ok(json: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return headers ? { status: 200, json, headers } : { status: 200, json };
}

/** A refusal that the caller is told of; nothing has happened. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
