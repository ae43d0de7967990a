import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { serializeError } from './error-serializer.ts';

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

/** JSON lines on stdout (or to `destination`), with personal data and secrets cut out. */
export function createLogger(
  options: { service: string; level: string },
  destination?: DestinationStream,
): Logger {
  const settings: LoggerOptions = {
    name: options.service,
    level: options.level,
    base: { service: options.service },
    serializers: { err: serializeError },
    redact: { paths: redactedPaths, censor: '[cut]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}
