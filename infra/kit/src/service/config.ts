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
  const lines = parsed.error.issues.map(
    (issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`,
  );
  throw new ConfigError(`The settings are not usable:\n${lines.join('\n')}`);
}

/** `name=url,name=url` to a record. */
export const urlMap = z.string().transform((text, context) => {
  const entries: [string, string][] = [];
  for (const item of text.split(',').filter(Boolean)) {
    const at = item.indexOf('=');
    const url = item.slice(at + 1);
    if (at < 1 || !URL.canParse(url)) {
      context.addIssue({ code: 'custom', message: 'expected name=url,name=url' });
      return z.NEVER;
    }
    entries.push([item.slice(0, at), url]);
  }
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
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
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
};
