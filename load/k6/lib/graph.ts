import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { settings } from './settings.ts';

interface GraphError {
  message: string;
  extensions?: { code?: string; retryAfterSeconds?: number };
}

/** What the graph answered, or that no answer came. */
export interface Answer<Data> {
  status: number;
  data: Data | null;
  errors: readonly GraphError[];
  ms: number;
}

/** An operation and who sends it. */
export interface Operation {
  query: string;
  variables: object;
  /** Under which name k6 counts it. */
  name: string;
  accessToken?: string | undefined;
  /** After which the client gives up; 15 s by default. */
  timeoutMs?: number;
}

function paramsOf({ name, accessToken, timeoutMs }: Operation) {
  return {
    headers: {
      'content-type': 'application/json',
      ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
    },
    tags: { name },
    timeout: `${timeoutMs ?? 15_000}ms`,
  };
}

function bodyOf({ query, variables }: Operation): string {
  return JSON.stringify({ query, variables });
}

/** A broken connection or an answer that is no JSON has status 0 or its HTTP status, and no data. */
function read<Data>(response: RefinedResponse<ResponseType | undefined>): Answer<Data> {
  const { status } = response;
  const ms = Math.round(response.timings.duration);
  try {
    const body = response.json() as unknown as { data?: Data | null; errors?: GraphError[] };
    return { status, data: body.data ?? null, errors: body.errors ?? [], ms };
  } catch {
    return { status, data: null, errors: [], ms };
  }
}

export function ask<Data>(operation: Operation): Answer<Data> {
  return read(http.post(settings.graphUrl, bodyOf(operation), paramsOf(operation)));
}

/** Sends operations side by side. */
export function askTogether<Data>(operations: readonly Operation[]): Answer<Data>[] {
  const requests = operations.map((operation) => ({
    method: 'POST',
    url: settings.graphUrl,
    body: bodyOf(operation),
    params: paramsOf(operation),
  }));
  return http.batch(requests).map((response) => read<Data>(response));
}
