import type { Registry } from 'prom-client';
import type { Logger } from './logger.ts';
import type { Route } from './router.ts';
import { sendJson } from './send.ts';

/** Resolves when the dependency can be used; rejects with a reason that an operator may read. */
export type ReadinessCheck = () => Promise<void>;

/** What the routes that every service has look at. */
export interface StandingRoutesOptions {
  readonly log: Logger;
  readonly registry: Registry;
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** How long one readiness check may take, in milliseconds. */
  readonly readinessTimeoutMs?: number;
}

async function checkReadiness(options: StandingRoutesOptions): Promise<Record<string, string>> {
  const timeoutMs = options.readinessTimeoutMs ?? 2_000;
  const names = Object.entries(options.readiness ?? {});
  const results = await Promise.all(
    names.map(async ([name, check]): Promise<[string, string]> => {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`no answer in ${timeoutMs} ms`));
        }, timeoutMs);
      });
      try {
        await Promise.race([check(), timeout]);
        return [name, 'ok'];
      } catch (error) {
        options.log.warn({ check: name, err: error }, 'not ready');
        return [name, 'failing'];
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  return Object.fromEntries(results);
}

/** Balancers ask seldom and anybody may ask often, so an answer is given again for this long after it was asked for. */
const readinessKeptMs = 200;

/** Runs the checks for all who ask at once, and not again at once. */
function createReadiness(options: StandingRoutesOptions): () => Promise<Record<string, string>> {
  let latest: { beganAtMs: number; isOver: boolean; checks: Promise<Record<string, string>> } | undefined;
  return () => {
    const now = performance.now();
    if (latest !== undefined && (!latest.isOver || now - latest.beganAtMs < readinessKeptMs))
      return latest.checks;
    const begun = { beganAtMs: now, isOver: false, checks: checkReadiness(options) };
    latest = begun;
    return begun.checks.finally(() => {
      begun.isOver = true;
    });
  };
}

/** Whether the service lives, and whether it can be used; `isOpen` says by which check it cannot. */
export function healthRoutes(
  options: StandingRoutesOptions,
  isClosing: () => boolean,
  isOpen: boolean,
): Record<string, Route> {
  const checkAll = createReadiness(options);
  return {
    'GET /health/live': (_request, response) => {
      sendJson(response, 200, { status: 'live' });
    },
    'GET /health/ready': async (_request, response) => {
      // Nobody is sent to a service that is about to end, whatever its checks would say.
      const checks = isClosing() ? {} : await checkAll();
      const ready = !isClosing() && Object.values(checks).every((state) => state === 'ok');
      const status = ready ? 'ready' : isClosing() ? 'closing' : 'not ready';
      sendJson(response, ready ? 200 : 503, { status, ...(isOpen && { checks }) });
    },
  };
}

/** What operators see. */
export function adminRoutes(options: StandingRoutesOptions, isClosing: () => boolean): Record<string, Route> {
  return {
    ...healthRoutes(options, isClosing, true),
    'GET /metrics': async (_request, response) => {
      response.writeHead(200, { 'content-type': options.registry.contentType });
      response.end(await options.registry.metrics());
    },
  };
}
