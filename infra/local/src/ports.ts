import { createServer } from 'node:net';
import { LocalProblem } from './local-problem.ts';
import { findPortHolder } from './port-holder.ts';

/** Distance of each port from the base port. The gateway has the base port itself, and one for operators. */
export const portOffsets = { postgres: 432, redis: 379, admin: 990 } as const;

/** The highest distance that the table of programs may use. */
const MAX_OFFSET = 999;
// Below the range that operating systems hand out for outgoing connections, so that none of those takes a port
// between the look and the start.
const FIRST_FREE_BASE = 10_000;
const LAST_FREE_BASE = 31_000;
const MAX_ATTEMPTS = 200;

/** Whether 127.0.0.1 can listen on the port at this moment. */
async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => {
    resolve(false);
  });
  server.listen(port, '127.0.0.1', () => {
    server.close(() => {
      resolve(true);
    });
  });
  return promise;
}

/** A base port of which all the given distances are free at this moment. */
export async function findFreeBase(offsets: readonly number[]): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const base = FIRST_FREE_BASE + Math.floor(Math.random() * (LAST_FREE_BASE - FIRST_FREE_BASE));
    const free = await Promise.all(offsets.map(async (offset) => isPortFree(base + offset)));
    if (!free.includes(false)) return base;
  }
  throw new LocalProblem(
    'No free ports were found on this machine.',
    'Stop some of the programs that run on it.',
  );
}

/** Throws a `LocalProblem` that names the first port that is taken, and by whom. */
export async function assertPortsFree(wanted: ReadonlyMap<string, number>): Promise<void> {
  for (const [name, port] of wanted) {
    if (await isPortFree(port)) continue;
    const holder = await findPortHolder(port);
    throw new LocalProblem(
      `Port ${port} (${name}) is taken by ${holder ?? 'another program'}.`,
      'Stop that program, or start Banyan on other ports: npm start -- --port 5000',
    );
  }
}

/** Throws a `LocalProblem` when ports above the base would not exist. */
export function assertBasePort(basePort: number): void {
  if (Number.isInteger(basePort) && basePort >= 1_024 && basePort <= 65_535 - MAX_OFFSET) return;
  throw new LocalProblem(
    `${basePort} cannot be the base port.`,
    `Choose a whole number from 1024 to ${65_535 - MAX_OFFSET}: npm start -- --port 5000`,
  );
}
