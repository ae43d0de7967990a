import http from 'k6/http';
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
}

/** Sends an operation; a broken connection or an answer that is no JSON has status 0 or its HTTP status, and no data. */
export function ask<Data>(
  query: string,
  variables: object,
  options: { name: string; accessToken?: string | undefined; timeout?: string },
): Answer<Data> {
  const response = http.post(settings.graphUrl, JSON.stringify({ query, variables }), {
    headers: {
      'content-type': 'application/json',
      ...(options.accessToken !== undefined && { authorization: `Bearer ${options.accessToken}` }),
    },
    tags: { name: options.name },
    timeout: options.timeout ?? '15s',
  });
  try {
    const body = response.json() as unknown as { data?: Data | null; errors?: GraphError[] };
    return { status: response.status, data: body.data ?? null, errors: body.errors ?? [] };
  } catch {
    return { status: response.status, data: null, errors: [] };
  }
}
