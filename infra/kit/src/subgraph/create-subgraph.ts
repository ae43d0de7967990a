import type { GraphQLSchema } from 'graphql';
import { sql } from 'kysely';
import { ZodError } from 'zod';
import type { Consumer } from '../events/consumer.ts';
import type { WakeUps } from '../cache/wake-ups.ts';
import { forgetChanges } from '../events/changes.ts';
import { createFeedHandler } from '../events/feed.ts';
import { InvalidFeedCursor } from '../events/outbox.ts';
import type { EventTables } from '../events/tables.ts';
import type { OperationContext } from '../graphql/context.ts';
import { createExecutor } from '../graphql/executor.ts';
import { isMutation } from '../graphql/is-mutation.ts';
import { createSubscriber } from '../graphql/subscriber.ts';
import { repeat } from '../jobs/repeat.ts';
import { createAssertionVerifier } from '../hop/assertion.ts';
import { createHopRoute, signedRoute, type ExecuteOperation } from '../hop/server.ts';
import { subscriptionsPath } from '../hop/subscription-lines.ts';
import { createSubscriptionRoute } from '../hop/subscription-route.ts';
import { createHopVerifier, type HopVerifier } from '../hop/signature.ts';
import { createService } from '../service/http-service.ts';
import type { Route } from '../service/router.ts';
import { sendError, sendJson } from '../service/send.ts';
import type { ReadinessCheck } from '../service/standing-routes.ts';
import type { Logger } from '../service/logger.ts';
import type { RunningApp } from '../service/run.ts';
import type { SubgraphParts } from './open-parts.ts';
import type { SubgraphConfig } from './settings.ts';

/** How often changes that everybody has heard of are forgotten, in milliseconds. */
const forgetEveryMs = 600_000;
/** How long after a mutation its events are announced, in milliseconds. */
const ringDelayMs = 20;

export interface SubgraphOptions<Context extends OperationContext, Tables extends EventTables> {
  name: string;
  config: Pick<SubgraphConfig, 'HOST' | 'PORT' | 'DRAIN_MS' | 'HOP_KEYS' | 'ASSERTION_JWKS'>;
  parts: SubgraphParts<Tables>;
  schema: GraphQLSchema;
  createContext: (base: OperationContext) => Context;
  /** Feeds of peers that this subgraph follows. */
  consumers?: readonly Consumer[];
  /** Routes beside the graph, the feed and health. */
  routes?: Readonly<Record<string, Route>>;
  readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** Background work of the subgraph. */
  start?(): Promise<void>;
  /** Ends it, after the last request was answered and before the parts are closed. */
  stop?(): Promise<void>;
}

/** A subgraph that can be started and stopped. */
export interface Subgraph extends RunningApp {
  consumers: readonly Consumer[];
}

/** A feed for whoever signs: what is new, waiting for news until the subgraph closes or the reader is gone. */
function createFeedRoute<Tables extends EventTables>(
  hop: { subgraph: string; verifier: HopVerifier; log: Logger },
  feed: ReturnType<typeof createFeedHandler<Tables>>,
  closing: AbortSignal,
): Route {
  return signedRoute(hop, async (_request, response, url) => {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    try {
      sendJson(response, 200, await feed(url.searchParams, AbortSignal.any([closing, gone.signal])));
    } catch (error) {
      if (!(error instanceof InvalidFeedCursor || error instanceof ZodError)) throw error;
      sendError(response, 400, 'BAD_REQUEST', 'The feed takes after, limit, waitMs and types.');
    }
  });
}

/** One ring for all the mutations of a moment. */
function ringSoon(wakeUps: WakeUps): { ring(): void; stop(): void } {
  let ringing: NodeJS.Timeout | undefined;
  return {
    ring() {
      ringing ??= setTimeout(() => {
        ringing = undefined;
        wakeUps.ring();
      }, ringDelayMs);
    },
    stop() {
      clearTimeout(ringing);
    },
  };
}

/**
 * What all subgraphs have in common at their edge: `POST /graphql`, `GET /events`, where copies may be kept `GET /changes`
 * and where the schema has subscriptions `POST /subscriptions`, closed to whoever does not sign; health, readiness and metrics; an orderly end: no new requests,
 * running ones are answered, streams are told to go on elsewhere, consumers stop.
 */
export function createSubgraph<Context extends OperationContext, Tables extends EventTables>(
  options: SubgraphOptions<Context, Tables>,
): Subgraph {
  const { name, config, parts, schema } = options;
  const { log, registry, wakeUps } = parts;
  const { db } = parts.database;
  const consumers = options.consumers ?? [];
  const verifier = createHopVerifier(config.HOP_KEYS);
  const assertions = createAssertionVerifier(config.ASSERTION_JWKS, name);
  const executor = createExecutor({ schema, log, registry, createContext: options.createContext });
  const closing = new AbortController();

  const soon = ringSoon(wakeUps);
  const execute: ExecuteOperation = async (operation) => {
    const text = await executor.execute(operation);
    if (isMutation(operation)) soon.ring();
    return text;
  };

  // Whoever lets others keep copies tells them what changes.
  const announcesChanges = schema.getDirective('cacheControl') != null;
  const forgetting = repeat({ round: () => forgetChanges(db), pauseMs: forgetEveryMs, log });
  const changes = createFeedHandler({ db, bell: wakeUps, table: 'changes' });

  const hop = { subgraph: name, verifier, assertions, log };
  const subscriptions = createSubscriptionRoute({
    ...hop,
    subscribe: createSubscriber({ schema, log, createContext: options.createContext }),
    closing: closing.signal,
  });

  const service = createService({
    name,
    log,
    registry,
    routes: {
      'POST /graphql': createHopRoute({ ...hop, execute }),
      ...(schema.getSubscriptionType() != null && { [`POST ${subscriptionsPath}`]: subscriptions }),
      'GET /events': createFeedRoute(hop, createFeedHandler({ db, bell: wakeUps }), closing.signal),
      ...(announcesChanges && { 'GET /changes': createFeedRoute(hop, changes, closing.signal) }),
      ...options.routes,
    },
    readiness: {
      database: async () => {
        await sql`select 1`.execute(db);
      },
      ...options.readiness,
    },
  });

  return {
    log,
    consumers,
    drainMs: config.DRAIN_MS,
    async start() {
      await executor.start();
      await options.start?.();
      for (const consumer of consumers) consumer.start();
      if (announcesChanges) forgetting.start();
      return service.listen({ port: config.PORT, host: config.HOST });
    },
    async stop() {
      await service.drain(config.DRAIN_MS);
      closing.abort();
      soon.stop();
      await service.close();
      await Promise.all([forgetting, ...consumers].map((each) => each.stop()));
      await executor.stop();
      await options.stop?.();
      await parts.close();
    },
  };
}
