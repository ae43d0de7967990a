import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { badRequest } from '../errors.ts';

/** The client's own id of the request, so that its logs and ours meet; a new one where it has none that can be used. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

/** The language that the client names first, such as `zh-CN`. */
export function languageOf(request: IncomingMessage): string | undefined {
  return /^\s*([a-z]{1,8}(-[a-z\d]{1,8}){0,2})/i.exec(request.headers['accept-language'] ?? '')?.[1];
}

/** Whether the client wants `extensions.cost`: the header `banyan-cost` with anything but 0. */
export function asksForCost(request: IncomingMessage): boolean {
  const given = request.headers['banyan-cost'];
  return given !== undefined && given !== '0';
}

/**
 * When the client stops waiting, in milliseconds since the epoch: as `banyan-deadline-ms` says, at most `maxDeadlineMs`
 * from now.
 * @throws RequestRefused 400 when the header is not a whole number above 0.
 */
export function deadlineOf(request: IncomingMessage, maxDeadlineMs: number): number {
  const given = request.headers['banyan-deadline-ms'];
  if (given === undefined) return Date.now() + maxDeadlineMs;
  if (typeof given !== 'string' || !/^[1-9]\d{0,8}$/.test(given)) {
    throw badRequest('banyan-deadline-ms takes a whole number of milliseconds above 0.');
  }
  return Date.now() + Math.min(Number(given), maxDeadlineMs);
}
