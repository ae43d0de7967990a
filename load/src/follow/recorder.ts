import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Observation } from '../observations.ts';

/** An observation as it is written: amounts and versions as text, and without the time, which the recorder adds. */
type Written<Value> = Value extends bigint
  ? string
  : Value extends object
    ? { readonly [Name in keyof Value]: Written<Value[Name]> }
    : Value;
type Untimed<Each> = Each extends unknown ? Omit<Each, 'at'> : never;

/** Writes down one thing that was seen, as the load does. */
export type Recorder = (seen: Untimed<Written<Observation>>) => void;

/** A record that is being written. */
export interface Recording {
  readonly record: Recorder;
  /** Settles when all is in the file. */
  end(): Promise<void>;
}

/** Begins a record of its own. */
export function startRecording(file: string): Recording {
  const stream = createWriteStream(file);
  return {
    record: (seen) => void stream.write(`${JSON.stringify({ at: Date.now(), ...seen })}\n`),
    async end() {
      stream.end();
      await once(stream, 'close');
    },
  };
}
