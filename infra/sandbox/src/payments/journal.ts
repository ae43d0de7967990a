import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Lines that outlive the process. */
export interface Journal<Line> {
  /** Lines written so far, oldest first. */
  read(): Line[];
  /** Hands a line to the operating system before it returns: a killed process loses nothing that it has answered. */
  append(line: Line): void;
  close(): void;
}

/** A journal that lives as long as the process. */
export function memoryJournal<Line>(): Journal<Line> {
  return { read: () => [], append: () => undefined, close: () => undefined };
}

/** A file of JSON lines. A last line torn by a crash was never answered, and is cut off. */
export function fileJournal<Line>(folder: string, name: string): Journal<Line> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const file = openSync(path, 'a');
  if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole));
  return {
    read: () =>
      whole
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line),
    append: (line) => {
      writeSync(file, `${JSON.stringify(line)}\n`);
    },
    close: () => {
      closeSync(file);
    },
  };
}
