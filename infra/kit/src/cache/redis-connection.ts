import type { Logger } from 'pino';
import { createClient } from 'redis';

/** Where Redis is and how long anybody waits for it. */
export interface RedisConnectionOptions {
  /** None: a connection that is never ready, as if Redis were away for good. */
  readonly url?: string | undefined;
  readonly log: Logger;
  /** A command that takes longer counts as unanswered. Default 100. */
  readonly timeoutMs?: number;
}

/**
 * A connection that never throws into its caller: while Redis is away every read is a miss and every write nothing.
 * It comes back by itself.
 */
export interface RedisConnection {
  /** Whether Redis answers at the moment. */
  readonly ready: boolean;
  /** The value, or null when there is none or Redis is away. */
  get(key: string): Promise<string | null>;
  /** The values in the order of the keys, null where there is none; null altogether when Redis is away. */
  getMany(keys: readonly string[]): Promise<(string | null)[] | null>;
  /** Keeps a value for some time. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Runs a Lua script. Null when Redis is away, or when the script answers so. */
  evaluate(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  delete(key: string): Promise<void>;
  /** Sends a message to everybody who listens now; nobody hears it later. */
  publish(channel: string, message: string): Promise<void>;
  /** Hears messages until the returned function is called, also after a reconnection. */
  subscribe(channel: string, listener: (message: string) => void): () => void;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 100;
const CONNECT_TIMEOUT_MS = 2_000;
const MAX_RECONNECT_PAUSE_MS = 2_000;
const MAX_QUEUED_COMMANDS = 10_000;
/** After a command that was not answered nobody waits again for this long. */
const QUIET_AFTER_TIMEOUT_MS = 1_000;

type Client = ReturnType<typeof connect>;

/** Connects in the background and is usable at once. */
export function createRedis(options: RedisConnectionOptions): RedisConnection {
  const { url, log } = options;
  if (url === undefined) return absentRedis;
  const client = connect(url, log, true);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let quietUntil = 0;
  let isSilent = false;
  const isReady = () => client.isReady && Date.now() >= quietUntil;

  /** One line when it falls silent and one when it answers again, whatever the number of commands between. */
  function noteSilence(isSilentNow: boolean): void {
    if (isSilentNow === isSilent) return;
    isSilent = isSilentNow;
    if (isSilent) log.warn({ timeoutMs }, 'Redis does not answer; going on without it');
    else log.info('Redis answers again');
  }

  async function ask<Answer>(command: () => Promise<Answer>): Promise<Answer | null> {
    if (!isReady()) return null;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(() => resolve('timeout'), timeoutMs);
    });
    try {
      const answer = await Promise.race([command().then((value) => ({ value })), timeout]);
      noteSilence(answer === 'timeout');
      if (answer !== 'timeout') return answer.value;
      quietUntil = Date.now() + QUIET_AFTER_TIMEOUT_MS;
    } catch (error) {
      log.debug({ err: error }, 'a Redis command failed');
    } finally {
      clearTimeout(timer);
    }
    return null;
  }

  const subscriptions = createSubscriptions(url, log);
  return {
    get ready() {
      return isReady();
    },
    get: async (key) => ask(async () => client.get(key)),
    // One command a key, which travel together: in a cluster the keys lie on different nodes.
    getMany: async (keys) => ask(async () => Promise.all(keys.map(async (key) => client.get(key)))),
    set: async (key, value, ttlSeconds) =>
      void (await ask(async () => client.set(key, value, { expiration: { type: 'EX', value: ttlSeconds } }))),
    evaluate: async (script, keys, args) =>
      ask(async () => client.eval(script, { keys: [...keys], arguments: [...args] })),
    delete: async (key) => void (await ask(async () => client.del(key))),
    publish: async (channel, message) =>
      void (await ask(async () => client.publish(channelOf(url, channel), message))),
    subscribe: subscriptions.subscribe,
    close: async () => {
      subscriptions.close();
      end(client);
    },
  };
}

const absentRedis: RedisConnection = {
  ready: false,
  get: async () => null,
  getMany: async () => null,
  set: async () => undefined,
  evaluate: async () => null,
  delete: async () => undefined,
  publish: async () => undefined,
  subscribe: () => () => undefined,
  close: async () => undefined,
};

function connect(url: string, log: Logger, failsFast: boolean) {
  const client = createClient({
    url,
    disableOfflineQueue: failsFast,
    commandsQueueMaxLength: MAX_QUEUED_COMMANDS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 10), MAX_RECONNECT_PAUSE_MS),
    },
  });
  // One line when it goes and one when it is back, whatever the number of attempts between.
  let isAway = false;
  client.on('error', (error: Error) => {
    if (isAway) return;
    isAway = true;
    log.warn({ err: error }, 'Redis is away; going on without it');
  });
  client.on('ready', () => {
    if (isAway) log.info('Redis is back');
    isAway = false;
  });
  client.connect().catch(() => undefined);
  return client;
}

function createSubscriptions(url: string, log: Logger) {
  // Messages need a connection of their own, opened for the first who listens.
  let client: Client | undefined;
  return {
    subscribe: (channel: string, listener: (message: string) => void): (() => void) => {
      client ??= connect(url, log, false);
      const own = client;
      const name = channelOf(url, channel);
      own.subscribe(name, listener).catch(() => undefined);
      return () => {
        own.unsubscribe(name, listener).catch(() => undefined);
      };
    },
    close: () => client && end(client),
  };
}

function end(client: Client): void {
  if (client.isOpen) client.destroy();
}

/** Redis' messages do not know its numbered databases, so the channel carries the number. */
function channelOf(url: string, channel: string): string {
  return `${new URL(url).pathname.slice(1) || '0'}:${channel}`;
}
