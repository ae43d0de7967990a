import { randomBytes } from 'node:crypto';
import { createSigningKey, signAccessToken, startKeyServer } from '../test/support/keys.ts';
import { subgraphNames, workloads, type Workload } from './graph.ts';
import { connections, load, type Sample, type Target } from './load.ts';
import { BenchProcess } from './process.ts';

/*
 * npm run bench:edge [-- <milliseconds of a round> [<workload>]]
 *
 * The edge against what it stands in front of, and against the gateway that it replaces: requests per second, latency, and
 * CPU per request as the operating system counts it. Interleaved, so that whatever else the machine does meets all alike.
 * About four minutes. BENCH_PROFILE=ours leaves a CPU profile in .banyan/profiles.
 */
const roundMs = Number(process.argv[2] ?? 2_500);
const warmUpMs = roundMs / 2;
const rounds = 2;
const kinds = ['stock', 'stock-hops', 'ours', 'ours-bare', 'ours-copies', 'people', 'people-copies'] as const;
const titles = {
  alone: 'subgraph alone',
  stock: '@apollo/gateway as it comes',
  'stock-hops': 'its executor on our hops',
  ours: 'ours, without copies',
  'ours-bare': 'ours, without budgets',
  'ours-copies': 'ours, everything on',
  people: 'signed in, without copies',
  'people-copies': 'signed in, everything on',
};
type Kind = keyof typeof titles;
/** Of whom each connection is another: nobody's read is another's, unless by copies. */
const signedIn: ReadonlySet<Kind> = new Set(['people', 'people-copies']);
const differences: Partial<Record<Kind, Record<string, string>>> = {
  'ours-bare': { QUOTAS: 'off' },
  'ours-copies': { CACHE: 'on' },
  'people-copies': { CACHE: 'on' },
};

interface Row {
  samples: Sample[];
  gatewayCpu: number;
  subgraphCpu: number;
}

const key = { id: 'bench', secret: randomBytes(32) };
const keys = `${key.id}:${key.secret.toString('base64url')}`;

async function startAll() {
  const assertionKey = await createSigningKey('bench');
  const believed = { ...environment(), ASSERTION_KEYS: JSON.stringify([assertionKey.publicJwk]) };
  const started = await Promise.all(
    subgraphNames.map(
      async (name) => [name, await BenchProcess.start(['subgraph', name, keys], believed)] as const,
    ),
  );
  const subgraphs = Object.fromEntries(started);
  const usersKey = await createSigningKey('users');
  const users = await startKeyServer([usersKey.publicJwk]);
  const tokens = await Promise.all(
    Array.from({ length: connections }, (_token, index) =>
      signAccessToken(usersKey, { sub: `usr_${index}`, expiresIn: '1h' }),
    ),
  );
  const env = {
    ...environment(),
    APOLLO_TELEMETRY_DISABLED: 'true',
    PORT: '0',
    ADMIN_PORT: '0',
    // Every request is carried out; what copies and shared answers add is a row of its own.
    CACHE: 'off',
    // The graph of the benchmark is not cut into parts for different callers.
    CONTRACTS: 'off',
    // The gate counts and measures, and refuses nothing: what is shed would be missing from the rates.
    MAX_LOOP_LAG_MS: '10000',
    MAX_QUEUE_MS: '10000',
    READ_OBJECTIVE_MS: '10000',
    // One address asks all of it; budgets are counted all the same.
    QUOTA_STRANGER_REQUESTS_PER_MINUTE: '100000000',
    QUOTA_STRANGER_COST_PER_MINUTE: '10000000000',
    QUOTA_PERSON_REQUESTS_PER_MINUTE: '100000000',
    QUOTA_PERSON_COST_PER_MINUTE: '10000000000',
    QUOTA_GIFT_REQUESTS_PER_MINUTE: '100000000',
    QUOTA_GIFT_COST_PER_MINUTE: '10000000000',
    SUBGRAPH_URLS: started.map(([name, { url }]) => `${name}=${url}`).join(','),
    HOP_KEYS: keys,
    ASSERTION_KEY: JSON.stringify(assertionKey.privateJwk),
    ACCESS_TOKEN_JWKS_URL: users.url,
  };
  const gateways = await Promise.all(
    kinds.map(
      async (kind) => [kind, await BenchProcess.start([kind], { ...env, ...differences[kind] })] as const,
    ),
  );
  return { subgraphs, gateways: new Map(gateways), users, tokens };
}

function environment(): Record<string, string> {
  // oxlint-disable-next-line node/no-process-env
  return { ...(process.env as Record<string, string>), NODE_ENV: 'production', LOG_LEVEL: 'error' };
}

type Started = Awaited<ReturnType<typeof startAll>>;

async function cpuOf(processes: readonly BenchProcess[]): Promise<number> {
  const used = await Promise.all(processes.map((each) => each.cpu()));
  return used.reduce((sum, each) => sum + each, 0);
}

async function measure(
  { subgraphs, gateways, tokens }: Started,
  kind: Kind,
  workload: Workload,
  row: Row,
): Promise<void> {
  const { alone } = workload;
  const gateway = [...gateways].filter(([each]) => each === kind).map(([, process]) => process);
  const target: Target =
    kind === 'alone' && alone !== null
      ? { url: subgraphs[alone]?.url ?? '', signedFor: { subgraph: alone, key } }
      : { url: gateway[0]?.url ?? '', signedFor: null, ...(signedIn.has(kind) && { tokens }) };
  await load(target, workload, warmUpMs);
  const [gatewayBefore, before] = [await cpuOf(gateway), await cpuOf(Object.values(subgraphs))];
  row.samples.push(await load(target, workload, roundMs));
  row.gatewayCpu += (await cpuOf(gateway)) - gatewayBefore;
  row.subgraphCpu += (await cpuOf(Object.values(subgraphs))) - before;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

function figuresOf({ samples, gatewayCpu, subgraphCpu }: Row) {
  const requests = samples.reduce((sum, each) => sum + each.requests, 0);
  const seconds = samples.reduce((sum, each) => sum + each.seconds, 0);
  const latencies = samples.flatMap((each) => each.latenciesMs).toSorted((a, b) => a - b);
  return {
    perSecond: requests / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    gateway: gatewayCpu / requests,
    subgraphs: subgraphCpu / requests,
  };
}

function report(workload: Workload, rows: ReadonlyMap<Kind, Row>): void {
  console.log(`\n${workload.name}`);
  console.log('                              requests/s   p50 ms   p99 ms  gateway us  subgraphs us');
  for (const [kind, row] of rows) {
    const { perSecond, p50, p99, gateway, subgraphs } = figuresOf(row);
    const cells = [
      perSecond.toFixed(0),
      p50.toFixed(1),
      p99.toFixed(1),
      gateway.toFixed(0),
      subgraphs.toFixed(0),
    ];
    const widths = [12, 9, 9, 12, 14];
    console.log(
      `${titles[kind].padEnd(28)}${cells.map((cell, index) => cell.padStart(widths[index] ?? 9)).join('')}`,
    );
  }
  for (const kind of ['ours', 'ours-copies', 'people', 'people-copies'] as const) compare(kind, rows);
}

/** One line: how one of ours stands to the stock gateway. */
function compare(kind: Kind, rows: ReadonlyMap<Kind, Row>): void {
  const [stock, ours, alone] = [rows.get('stock'), rows.get(kind), rows.get('alone')];
  if (stock === undefined || ours === undefined) return;
  const [theirs, own] = [figuresOf(stock), figuresOf(ours)];
  const both = (theirs.gateway + theirs.subgraphs) / (own.gateway + own.subgraphs);
  const ofAlone =
    alone === undefined
      ? ''
      : `, ${(own.perSecond / figuresOf(alone).perSecond).toFixed(2)} of the subgraph alone`;
  console.log(
    `${titles[kind]}: ${(own.perSecond / theirs.perSecond).toFixed(1)} times the throughput, gateway CPU 1/${(theirs.gateway / own.gateway).toFixed(1)}, with subgraphs 1/${both.toFixed(1)}${ofAlone}`,
  );
}

const started = await startAll();
const only = process.argv[3];
for (const workload of workloads.filter(({ name }) => only === undefined || name === only)) {
  const rows = new Map<Kind, Row>();
  for (const kind of workload.alone === null ? kinds : (['alone', ...kinds] as const))
    rows.set(kind, { samples: [], gatewayCpu: 0, subgraphCpu: 0 });
  for (let round = 0; round < rounds; round += 1)
    for (const [kind, row] of rows) await measure(started, kind, workload, row);
  report(workload, rows);
}
await Promise.all(
  [...started.gateways.values(), ...Object.values(started.subgraphs)].map((each) => each.stop()),
);
await started.users.stop();
