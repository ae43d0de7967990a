import { styleText } from 'node:util';

type Color = Parameters<typeof styleText>[0];

const colors: readonly Color[] = ['cyan', 'green', 'yellow', 'blue', 'magenta', 'gray'];
const NAME_WIDTH = 9;
const MAX_VALUE_CHARACTERS = 300;
const WARN_LEVEL = 40;
const ERROR_LEVEL = 50;
/** Fields of a log line that say nothing new beside its prefix. */
const knownFields = new Set(['level', 'time', 'msg', 'name', 'service', 'pid', 'hostname', 'v', 'err']);
/** Servers speak of their daily work; a person wants to know of trouble and recovery. */
const quietSources: Readonly<Record<string, RegExp>> = {
  postgres: /\b(WARNING|FATAL|PANIC)\b|automatic recovery|ready to accept connections/,
  redis: /ready to accept connections/i,
};

/** Turns lines of several programs into lines for one terminal: the program's name, then the line in short form. */
export function createLinePrinter(write: (text: string) => void, isColored: boolean) {
  const colorOf = new Map<string, Color>();
  return (source: string, line: string): void => {
    const quiet = quietSources[source];
    if (line.trim() === '' || (quiet && !quiet.test(line))) return;
    const name = source.padEnd(NAME_WIDTH);
    if (!isColored) {
      write(`${name} ${shorten(line)}\n`);
      return;
    }
    const color = colorOf.get(source) ?? colors[colorOf.size % colors.length] ?? 'gray';
    colorOf.set(source, color);
    write(`${styleText(color, name, { validateStream: false })} ${shorten(line)}\n`);
  };
}

/** A JSON log line as `message key=value`; any other line as it is. */
export function shorten(line: string): string {
  const record = parseRecord(line);
  if (!record) return line.trimEnd();
  const level = Number(record['level']);
  const label = level >= ERROR_LEVEL ? 'ERROR ' : level >= WARN_LEVEL ? 'warn ' : '';
  const rest = Object.entries(record)
    .filter(([key]) => !knownFields.has(key))
    .map(([key, value]) => `${key}=${textOf(value)}`);
  const words = [textOf(record['msg'] ?? ''), ...rest, ...errorOf(record['err'])];
  return `${label}${words.filter((word) => word !== '').join(' ')}`;
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function errorOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { type, message } = error as { type?: unknown; message?: unknown };
  return [`(${textOf(type ?? 'Error')}: ${textOf(message ?? '')})`];
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}…` : text;
}
