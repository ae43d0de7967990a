import { Agent, request } from 'node:http';

/*
 * A process that asks at a steady rate, whether it is answered or not, as a crowd does: `load-generator.ts <plan as JSON>`.
 * Tells its parent at the end what became of each request.
 */

/** One kind of request of a plan. */
export interface Stream {
  name: string;
  perSecond: number;
  body: string;
}

export interface LoadPlan {
  url: string;
  seconds: number;
  streams: readonly Stream[];
}

/** What became of one request. */
export interface Outcome {
  stream: string;
  /** Since the first request. */
  sentAtMs: number;
  tookMs: number;
  /** 0 where there was no answer. */
  status: number;
  retryAfter: string | undefined;
  hasErrors: boolean;
}

const tickMs = 5;
const agent = new Agent({ keepAlive: true });

function ask(url: string, stream: Stream, startedAtMs: number): Promise<Outcome> {
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, retryAfter: string | undefined, text: string) => {
      const tookMs = performance.now() - sentAt;
      const hasErrors = text.includes('"errors"');
      resolve({ stream: stream.name, sentAtMs: sentAt - startedAtMs, tookMs, status, retryAfter, hasErrors });
    };
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(stream.body) };
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        end(response.statusCode ?? 0, response.headers['retry-after'], text);
      });
    });
    sent.on('error', () => {
      end(0, undefined, '');
    });
    sent.end(stream.body);
  });
}

async function run({ url, seconds, streams }: LoadPlan): Promise<Outcome[]> {
  const outcomes: Promise<Outcome>[] = [];
  const sent = new Map(streams.map(({ name }) => [name, 0]));
  const startedAtMs = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - startedAtMs;
      for (const stream of streams) {
        const due = Math.floor((Math.min(elapsedMs, seconds * 1_000) / 1_000) * stream.perSecond);
        for (let number = sent.get(stream.name) ?? 0; number < due; number += 1)
          outcomes.push(ask(url, stream, startedAtMs));
        sent.set(stream.name, due);
      }
      if (elapsedMs < seconds * 1_000) return;
      clearInterval(timer);
      resolve();
    }, tickMs);
  });
  return Promise.all(outcomes);
}

const [plan] = process.argv.slice(2);
if (plan !== undefined && process.send !== undefined) {
  process.send(await run(JSON.parse(plan) as LoadPlan), () => {
    process.exit(0);
  });
}
