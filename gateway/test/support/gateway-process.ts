import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Edge } from './edge.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A line of the log. */
interface LogLine {
  msg?: string;
}

export interface GatewayProcess {
  kill(signal: NodeJS.Signals): void;
  /** The next line of the log that says one of these. */
  nextOf(messages: readonly string[]): Promise<LogLine>;
  /** Code and signal with which it ended. */
  readonly exited: Promise<unknown[]>;
}

/** The edge as a program of its own, before the subgraphs of an edge that runs here; it listens when this settles. */
export async function startGatewayProcess(
  edge: Edge,
  settings: Record<string, string>,
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [program], {
    env: {
      NODE_ENV: 'test',
      PORT: '0',
      ADMIN_PORT: '0',
      DRAIN_MS: '0',
      SUBGRAPH_URLS: `shop=${edge.shop.url},stock=${edge.stock.url}`,
      HOP_KEYS: `${edge.hopKey.id}:${edge.hopKey.secret.toString('base64url')}`,
      ASSERTION_KEY: JSON.stringify(edge.assertionKey.privateJwk),
      ACCESS_TOKEN_JWKS_URL: edge.users.url,
      CONTRACTS: 'off',
      PERSISTED_OPERATIONS: 'off',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function nextOf(messages: readonly string[]): Promise<LogLine> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`The edge ended before it said ${messages.join(' or ')}.`);
      const line = JSON.parse(value) as LogLine;
      if (messages.includes(line.msg ?? '')) return line;
    }
  }

  await nextOf(['listening']);
  return { kill: (signal) => void child.kill(signal), nextOf, exited };
}
