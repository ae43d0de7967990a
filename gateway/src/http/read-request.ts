import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { BodyTooLarge, readBody } from '@banyan/kit/service';
import { badRequest } from '../errors.ts';
import { limitExceeded, type Limits } from '../limits/limits.ts';
import { readDocumentId } from '../operations/read-document-id.ts';
import { requireJson } from './media-type.ts';

/** A GraphQL request. */
export interface GraphqlRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

/** A GraphQL request as it came, parsed from JSON or from the address: with its document, the document's id, or both. */
export interface ReceivedRequest extends Omit<GraphqlRequest, 'query'> {
  query: string | null;
  documentId: string | null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`${what} is not JSON.`);
  }
}

/** A JSON text may escape half of a surrogate pair, which is no character and which PostgreSQL refuses. */
function requireWholeCharacters(value: string, what: string): void {
  if (!value.isWellFormed()) throw badRequest(`${what} holds half of a character.`);
}

function readQuery(query: unknown, documentId: string | null): string | null {
  if (query === undefined && documentId !== null) return null;
  if (typeof query !== 'string' || query.trim() === '')
    throw badRequest('"query" takes the text of a GraphQL document.');
  requireWholeCharacters(query, '"query"');
  return query;
}

/**
 * The operation that the members of a request carry.
 * @throws RequestRefused 400 with what is wrong.
 */
export function readRequest(fields: Readonly<Record<string, unknown>>): ReceivedRequest {
  const { variables, operationName, extensions } = fields;
  const documentId = readDocumentId(fields);
  const query = readQuery(fields['query'], documentId);
  if (variables !== undefined && variables !== null && !isRecord(variables))
    throw badRequest('"variables" takes an object.');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw badRequest('"operationName" takes a string.');
  }
  if (extensions !== undefined && extensions !== null && !isRecord(extensions))
    throw badRequest('"extensions" takes an object.');
  return {
    query,
    documentId,
    variables: variables ?? {},
    operationName: operationName === '' ? null : (operationName ?? null),
  };
}

async function readBodyWithin(request: IncomingMessage, limits: Limits): Promise<Buffer> {
  try {
    return await readBody(request, limits.maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw limitExceeded('maxBodyBytes', limits, 'The body has too many bytes', { status: 413 });
  }
}

/**
 * The operation that a POST carries in its body.
 * @throws RequestRefused 413, 415, or 400 with what is wrong.
 */
export async function readPost(request: IncomingMessage, limits: Limits): Promise<ReceivedRequest> {
  requireJson(request.headers['content-type']);
  if (request.headers['content-encoding'] !== undefined)
    throw badRequest('Send the body without compression.', 415);
  const body = await readBodyWithin(request, limits);
  if (!isUtf8(body)) throw badRequest('The body is not valid UTF-8.');
  const value = parseJson(body.toString('utf8'), 'The body');
  if (Array.isArray(value))
    throw badRequest('Send one operation a request; several in one body are not served.');
  if (!isRecord(value)) throw badRequest('The body takes a JSON object with "query".');
  return readRequest(value);
}

function once(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = parameters.getAll(name);
  if (more.length > 0) throw badRequest(`"${name}" may be given once.`);
  return value;
}

/**
 * The operation that a GET carries in its address.
 * @throws RequestRefused 400 with what is wrong.
 */
export function readGet(url: URL): ReceivedRequest {
  const parameters = url.searchParams;
  const record = (name: string) => {
    const text = once(parameters, name);
    return text === undefined ? undefined : parseJson(text, `"${name}"`);
  };
  return readRequest({
    query: once(parameters, 'query'),
    documentId: once(parameters, 'documentId'),
    operationName: once(parameters, 'operationName'),
    variables: record('variables'),
    extensions: record('extensions'),
  });
}
