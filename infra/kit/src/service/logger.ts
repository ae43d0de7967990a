import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Paths that never reach a log line, wherever a careless call may put them. */
const redactedPaths = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'secret',
  'phone',
  'legalName',
  'idNumber',
  'bankCard',
  'headers.authorization',
  'headers.cookie',
  '*.password',
  '*.token',
  '*.accessToken',
  '*.refreshToken',
  '*.authorization',
  '*.secret',
  '*.phone',
  '*.legalName',
  '*.idNumber',
  '*.bankCard',
];

/** JSON lines on stdout, with personal data and secrets cut out. */
export function createLogger(options: { service: string; level: string }): Logger {
  return pino({
    name: options.service,
    level: options.level,
    base: { service: options.service },
    redact: { paths: redactedPaths, censor: '[cut]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
