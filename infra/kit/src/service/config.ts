import { z } from 'zod';

/** A setting that is missing or wrong. The message names the variable and what it should hold, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses the environment with a zod schema.
 * @throws ConfigError with one line per wrong variable. Values are left out: they may be secrets.
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ code, path, message }) => {
    // What a schema says in words of its own tells more, such as when a setting is required.
    const isMissing = code !== 'custom' && path.length === 1 && env[String(path[0])] === undefined;
    return `  ${path.join('.') || 'environment'}: ${isMissing ? 'is required and not set' : message}`;
  });
  throw new ConfigError(`The settings are not usable:\n${lines.join('\n')}`);
}

/** The pairs of `name=url,name=url`; undefined when it is none. */
function parseUrls(text: string): [name: string, url: string][] | undefined {
  const pairs = text
    .split(',')
    .filter(Boolean)
    .map((item): [string, string] => {
      const at = item.indexOf('=');
      return [item.slice(0, Math.max(at, 0)), item.slice(at + 1)];
    });
  return pairs.every(([name, url]) => name !== '' && URL.canParse(url)) ? pairs : undefined;
}

/** `name=url,name=url` to a record. */
export const urlMap = z.string().transform((text, context): Readonly<Record<string, string>> => {
  const pairs = parseUrls(text);
  if (pairs !== undefined && new Set(pairs.map(([name]) => name)).size === pairs.length)
    return Object.fromEntries(pairs);
  context.addIssue({ code: 'custom', message: 'expected name=url,name=url, each name once' });
  return z.NEVER;
});

export type UrlLists = Readonly<Record<string, readonly [string, ...string[]]>>;

/** `name=url,name=url` to a record of lists: a name has as many URLs as it is given. */
export const urlLists = z.string().transform((text, context): UrlLists => {
  const pairs = parseUrls(text);
  if (pairs === undefined) {
    context.addIssue({ code: 'custom', message: 'expected name=url,name=url' });
    return z.NEVER;
  }
  const lists: Record<string, [string, ...string[]]> = {};
  for (const [name, url] of pairs) lists[name] = [...(lists[name] ?? []), url];
  return lists;
});

/** JSON text to a value checked by `schema`. */
export function json<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'expected JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** What every service reads. */
export const serviceSettings = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  /**
   * How long a service that is told to end still takes everything, so that whoever sends it work notices first; the gateway
   * looks each second.
   */
  DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(1_500),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
};
