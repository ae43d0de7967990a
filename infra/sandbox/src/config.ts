import { readConfig, serviceSettings } from '@banyan/kit/service';
import { z } from 'zod';

/** `name=secret,name=secret` to a record. */
const merchants = z
  .string()
  .regex(
    /^[a-z]+=[^=,\s]{16,}(,[a-z]+=[^=,\s]{16,})*$/,
    'expected merchant=secret,merchant=secret, secrets of 16 characters or more',
  )
  .transform((text) =>
    Object.fromEntries(text.split(',').map((entry) => entry.split('=') as [string, string])),
  );

const schema = z.object({
  ...serviceSettings,
  // The sandbox lets anybody pay, read one-time codes and pass identity checks.
  NODE_ENV: z
    .enum(['development', 'test'], { error: 'the sandbox never runs in production' })
    .default('development'),
  PORT: serviceSettings.PORT.default(4900),
  DATA_DIR: z.string().min(1).optional(),
  MERCHANTS: merchants,
  PUBLIC_URL: z.url().optional(),
});

export type Config = z.infer<typeof schema>;

/** @throws ConfigError */
export function readSandboxConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  return readConfig(schema, env);
}
