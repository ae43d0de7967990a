import { createDatabase, migrate, prepareDatabase } from '@banyan/kit/database';
import { startPostgres } from '@banyan/kit/embedded';
import { signHop, type HopKey } from '@banyan/kit/hop';
import { audit } from '@banyan/ledger';
import { hotCampaign, seedDay } from '@banyan/seed';
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../src/db/database.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import { seedAll } from '../src/seed/seed-all.ts';

/*
 * Gifts per second through the subgraph's own HTTP, as guests, to one hot campaign: PostgreSQL with fsync, the sandbox
 * as payment provider, the subgraph and this load generator share the machine. Operations travel singly and in hops of
 * several, as the gateway sends them.
 */
const SECONDS = Number(process.argv[2] ?? 8);
const CALLERS = Number(process.argv[3] ?? 256);
const SANDBOX_PORT = 19_900;
const PORT = 19_103;
const SECRET = 'a-secret-of-the-bench';
const QUERY = `mutation ($input: DonateInput!) { donate(input: $input) {
  donation { id state } campaign { totals { raised { minor } version } } userErrors { code } } }`;

const hopKey: HopKey = { id: 'bench', secret: randomBytes(32) };

function start(file: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [file], {
    env: { LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function ready(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const response = await fetch(`${url}/health/ready`).catch(() => null);
    if (response?.ok === true) return;
    await delay(100);
  }
  throw new Error(`${url} does not come up`);
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

function post(body: string): Promise<string> {
  const headers = signHop(hopKey, { subgraph: 'campaigns', method: 'POST', path: '/graphql', body });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        port: PORT,
        host: '127.0.0.1',
        path: '/graphql',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve(text);
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function operation() {
  const input = {
    campaignId: hotCampaign.id,
    amount: { minor: '1000', currency: 'CNY' },
    idempotencyKey: randomUUID(),
  };
  return { query: QUERY, variables: { input } };
}

/** Seconds of CPU by what the machine runs for us, from /proc (Linux); ticks are hundredths of a second. */
function cpuSeconds(processes: Readonly<Record<string, number>>): Record<string, number> {
  const ticksOf = (pid: number) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  };
  const postgres = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('campaigns_app');
    } catch {
      return false;
    }
  });
  return {
    ...Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, ticksOf(pid) / 100])),
    postgres: postgres.reduce((sum, pid) => sum + ticksOf(Number(pid)), 0) / 100,
  };
}

async function measure(
  callers: number,
  operationsPerHop: number,
  processes: Readonly<Record<string, number>>,
) {
  const before = cpuSeconds(processes);
  const latencies: number[] = [];
  let failed = '';
  const endsAt = performance.now() + SECONDS * 1_000;
  const startedAt = performance.now();
  const call = async () => {
    while (performance.now() < endsAt) {
      const operations = Array.from({ length: operationsPerHop }, operation);
      const sentAt = performance.now();
      const text = await post(JSON.stringify(operationsPerHop === 1 ? operations[0] : operations));
      const counted = text.split('"COUNTED"').length - 1;
      if (counted !== operationsPerHop) failed = text.slice(0, 300);
      for (let each = 0; each < counted; each += 1) latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: Math.ceil(callers / operationsPerHop) }, call));
  const seconds = (performance.now() - startedAt) / 1_000;
  latencies.sort((a, b) => a - b);
  const after = cpuSeconds(processes);
  const perGift = Object.fromEntries(
    Object.keys(after).map((name) => [
      `${name} us`,
      Math.round((((after[name] ?? 0) - (before[name] ?? 0)) / latencies.length) * 1e6),
    ]),
  );
  return {
    callers,
    'operations/hop': operationsPerHop,
    'gifts/s': Math.round(latencies.length / seconds),
    'p50 ms': Math.round(latencies[Math.floor(latencies.length * 0.5)] ?? 0),
    'p99 ms': Math.round(latencies[Math.floor(latencies.length * 0.99)] ?? 0),
    ...perGift,
    failed,
  };
}

async function main(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const server = await startPostgres();
  cleanup.defer(() => server.stop());
  const passwords = { ownerPassword: 'bench', appPassword: 'bench' };
  const prepared = await prepareDatabase({ adminUrl: server.url, name: 'campaigns', ...passwords });
  await migrate({ ...prepared, migrations });
  const owner = createDatabase<Database>({ url: prepared.ownerUrl });
  const seedAt = performance.now();
  await seedAll(owner.db, { maxGiftMinor: 5_000_000n, day: seedDay() });
  console.log(`seed: ${Math.round(performance.now() - seedAt)} ms`);
  const { d: _private, ...publicKey } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const children = [
    start(new URL('../../../infra/sandbox/src/main.ts', import.meta.url).pathname, {
      PORT: String(SANDBOX_PORT),
      MERCHANTS: `campaigns=${SECRET}`,
    }),
    start(new URL('../src/main.ts', import.meta.url).pathname, {
      PORT: String(PORT),
      DATABASE_URL: prepared.appUrl,
      HOP_KEYS: `bench:${hopKey.secret.toString('base64url')}`,
      ASSERTION_JWKS: JSON.stringify({ keys: [{ ...publicKey, kid: 'bench' }] }),
      SANDBOX_URL: `http://127.0.0.1:${SANDBOX_PORT}`,
      PAYMENTS_SECRET: SECRET,
    }),
  ];
  cleanup.defer(async () => {
    for (const child of children) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });
  await ready(`http://127.0.0.1:${SANDBOX_PORT}`);
  await ready(`http://127.0.0.1:${PORT}`);
  const processes = { load: process.pid, sandbox: children[0]?.pid ?? 0, subgraph: children[1]?.pid ?? 0 };
  await measure(64, 1, processes);
  const table = [];
  for (const [callers, operations] of [
    [64, 1],
    [CALLERS, 1],
    [CALLERS, 16],
    [CALLERS * 4, 32],
  ] as const) {
    table.push(await measure(callers, operations, processes));
  }
  console.table(table);
  const findings = await audit(owner.db);
  console.log(findings.length === 0 ? 'audit: no difference' : findings);
  await owner.destroy();
  agent.destroy();
}

await main();
