import { signHop, type HopKey } from '@banyan/kit/hop';
import { Connection } from './connection.ts';
import type { Workload } from './graph.ts';

/** That ask all the time. */
export const connections = 64;

export interface Sample {
  requests: number;
  seconds: number;
  latenciesMs: number[];
}

/** Where requests go; a subgraph alone wants them signed. */
export interface Target {
  url: string;
  signedFor: { subgraph: string; key: HopKey } | null;
  /** Of the people who ask, one for each connection; strangers ask where they are left out. */
  tokens?: readonly string[];
}

/** Asks the same again and again on 64 connections. Throws when an answer holds an error. */
export async function load(target: Target, workload: Workload, ms: number): Promise<Sample> {
  const url = new URL(target.url);
  const body = JSON.stringify(workload.body);
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  async function ask(_each: unknown, index: number): Promise<void> {
    const request = requestOf(url, target, target.tokens?.[index], body);
    const connection = await Connection.open(url);
    for (let sentAt = performance.now(); sentAt < endsAt;) {
      const answer = await connection.ask(request());
      if (!answer.startsWith('HTTP/1.1 200') || answer.includes('"errors"'))
        throw new Error(`${workload.name}: ${answer}`);
      const now = performance.now();
      latenciesMs.push(now - sentAt);
      sentAt = now;
    }
    connection.close();
  }
  await Promise.all(Array.from({ length: connections }, ask));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { requests: latenciesMs.length, seconds, latenciesMs };
}

/** Makes the bytes of one request; a signature is good once. */
function requestOf(
  { host, pathname }: URL,
  { signedFor }: Target,
  token: string | undefined,
  body: string,
): () => string {
  const path = signedFor !== null && pathname !== '/' ? pathname : '/graphql';
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${token === undefined ? '' : `authorization: Bearer ${token}\r\n`}`;
  if (signedFor === null) {
    const request = `${head}\r\n${body}`;
    return () => request;
  }
  const { subgraph, key } = signedFor;
  return () => {
    const signature = signHop(key, { subgraph, method: 'POST', path, body });
    const lines = Object.entries(signature).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${head}${lines.join('')}\r\n${body}`;
  };
}
