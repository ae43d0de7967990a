import type { Finding } from '../audit/finding.ts';
import type { FaultMark } from './conduct.ts';
import type { Infliction, PlannedFault } from './repertoire.ts';

/** What is said of a fault that did not happen. */
export const inflictionText = {
  'not there': 'what it should befall was not there',
  'without effect': 'it had no effect',
} as const satisfies Record<Exclude<Infliction, 'done'>, string>;

/** A run has to show what was planned for it. */
export function* judgeFaults(plan: readonly PlannedFault[], marks: readonly FaultMark[]): Generator<Finding> {
  const byFault = new Map(marks.map((mark) => [mark.fault, mark]));
  for (const fault of plan) {
    const infliction = byFault.get(fault)?.infliction;
    if (infliction === 'done') continue;
    const why = infliction === undefined ? 'the load ended before' : inflictionText[infliction];
    const detail = `planned for ${(fault.atMs / 1_000).toFixed(1)} s, and ${why}`;
    yield { fault: 'NOT_CARRIED_OUT', subject: fault.kind.name, detail };
  }
}
