import {
  hopHeartbeatMs,
  isAnonymous,
  signHop,
  subscriptionsPath,
  type Caller,
  type createAssertionMinter,
  type HopKey,
  type StreamEnd,
} from '@banyan/kit/hop';
import { Pool } from 'undici';
import { z } from 'zod';
import type { StreamRequest } from '../engine/operation.ts';
import type { FetchAnswer } from '../engine/subgraph-call.ts';
import { readAnswer } from './answer.ts';
import { HopFailure } from './hop-failure.ts';
import { createLineSplitter } from './line-splitter.ts';
import { shownError } from './shown-errors.ts';
import { writeOperation } from './write-operation.ts';

const connectTimeoutMs = 1_000;
const firstLineTimeoutMs = 5_000;
/** A stream that is silent for so long is dead: three heartbeats are missing. */
const silenceTimeoutMs = 3 * hopHeartbeatMs;

/** What a subgraph says on a stream, in the words that clients may read. */
export type StreamEvent =
  | { kind: 'next'; version: bigint; answer: FetchAnswer }
  | { kind: 'end'; reason: StreamEnd; answer: FetchAnswer };

/** In whose name a stream is opened. */
export interface StreamCaller {
  caller: Caller;
  requestId: string;
  language: string | undefined;
}

/** Opens streams at subgraphs. */
export interface StreamClient {
  /**
   * One stream, from one of the subgraph's processes; from another one at the next call. It ends with `kind: 'end'`.
   * @throws HopFailure when it breaks off, or does not begin.
   */
  open(request: StreamRequest, as: StreamCaller, signal: AbortSignal): AsyncGenerator<StreamEvent>;
  close(): Promise<void>;
}

export interface StreamClientOptions {
  /** The processes of a subgraph. */
  urlsOf(subgraph: string): readonly string[];
  key: HopKey;
  minter: Awaited<ReturnType<typeof createAssertionMinter>>;
}

const lineShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('next'), version: z.string().regex(/^\d{1,40}$/), response: z.unknown() }),
  z.object({ kind: z.literal('heartbeat') }),
  z.object({
    kind: z.literal('end'),
    reason: z.enum(['refused', 'renew', 'drain', 'failed', 'complete']),
    response: z.unknown().optional(),
  }),
]);

function answerOf(response: unknown): FetchAnswer {
  const { data, errors } = readAnswer(response);
  if (errors === undefined) return { data };
  return { data, errors: errors.map((error) => ({ ...shownError(error), path: error.path })) };
}

function eventOf(line: string): StreamEvent | null {
  const parsed = lineShape.parse(JSON.parse(line));
  switch (parsed.kind) {
    case 'next':
      return { kind: 'next', version: BigInt(parsed.version), answer: answerOf(parsed.response) };
    case 'end': {
      const answer = parsed.response === undefined ? {} : answerOf(parsed.response);
      return { kind: 'end', reason: parsed.reason, answer };
    }
    case 'heartbeat':
      return null;
    default:
      return parsed satisfies never;
  }
}

async function* eventsOf(body: AsyncIterable<Buffer>): AsyncGenerator<StreamEvent> {
  const lines: string[] = [];
  const take = createLineSplitter((line) => lines.push(line));
  for await (const chunk of body) {
    take(chunk);
    for (const line of lines.splice(0)) {
      const event = eventOf(line);
      if (event === null) continue;
      yield event;
      if (event.kind === 'end') return;
    }
  }
  throw new Error('The stream broke off.');
}

/** Streams have connections of their own: one each, for as long as they last. */
export function createStreamClient(options: StreamClientOptions): StreamClient {
  const { key, minter } = options;
  const pools = new Map<string, Pool>();
  let turn = 0;

  function poolOf(url: string): Pool {
    const { origin } = new URL(url);
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const timeouts = { headersTimeout: firstLineTimeoutMs, bodyTimeout: silenceTimeoutMs };
    const pool = new Pool(origin, { connections: null, connectTimeout: connectTimeoutMs, ...timeouts });
    pools.set(origin, pool);
    return pool;
  }

  async function bodyFor(
    request: StreamRequest,
    { caller, requestId, language }: StreamCaller,
  ): Promise<string> {
    const assertion = isAnonymous(caller) ? undefined : await minter.mint(caller, request.subgraph);
    return writeOperation(request, { assertion, requestId, language });
  }

  return {
    async *open(request, as, signal) {
      const { subgraph } = request;
      const urls = options.urlsOf(subgraph);
      turn += 1;
      const url = urls[turn % urls.length];
      if (url === undefined) throw new HopFailure('unavailable', false, `${subgraph} has no URL.`);
      try {
        const body = await bodyFor(request, as);
        const signature = signHop(key, { subgraph, method: 'POST', path: subscriptionsPath, body });
        const headers = { 'content-type': 'application/json', ...signature };
        const sent = { method: 'POST' as const, path: subscriptionsPath, headers, body, signal };
        const answer = await poolOf(url).request(sent);
        if (answer.statusCode !== 200) {
          await answer.body.dump();
          throw new Error(`The subgraph answered with status ${answer.statusCode}.`);
        }
        yield* eventsOf(answer.body);
      } catch (error) {
        throw new HopFailure('unavailable', false, `A stream from ${subgraph} failed.`, error);
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}
