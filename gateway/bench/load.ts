import { signHop, type HopKey } from '@banyan/kit/hop';
import { Pool } from 'undici';
import type { Workload } from './graph.ts';

const connections = 64;

export interface Sample {
  requests: number;
  seconds: number;
  latenciesMs: number[];
}

/** Where requests go; a subgraph alone wants them signed. */
export interface Target {
  url: string;
  signedFor: { subgraph: string; key: HopKey } | null;
}

/** Asks the same again and again on 64 connections. Throws when an answer holds an error. */
export async function load(target: Target, workload: Workload, ms: number): Promise<Sample> {
  const { origin, pathname } = new URL(target.url);
  const path = target.signedFor === null && pathname !== '/' ? pathname : '/graphql';
  const pool = new Pool(origin, { connections });
  const body = JSON.stringify(workload.body);
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  async function ask(): Promise<void> {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      const { signedFor } = target;
      const signature =
        signedFor === null
          ? {}
          : signHop(signedFor.key, { subgraph: signedFor.subgraph, method: 'POST', path, body });
      const response = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', ...signature },
        body,
      });
      const text = await response.body.text();
      if (response.statusCode !== 200 || text.includes('"errors"'))
        throw new Error(`${workload.name}: ${text}`);
      latenciesMs.push(performance.now() - sentAt);
    }
  }
  await Promise.all(Array.from({ length: connections }, ask));
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.close();
  return { requests: latenciesMs.length, seconds, latenciesMs };
}
