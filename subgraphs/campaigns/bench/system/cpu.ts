import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks of Linux, `getconf CLK_TCK` everywhere. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU that a process and its children have used so far (Linux, proc(5)); 0 where that cannot be told. */
export function cpuSecondsOf(pid: number): number {
  const family = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  const own = fieldsOf(String(pid));
  // Children that have ended count with the process that waited for them.
  const ticks = ticksOf(own) + Number(own[13] ?? 0) + Number(own[14] ?? 0);
  return family.reduce((sum, child) => sum + ticksOf(fieldsOf(child)), ticks) / TICKS_PER_SECOND;
}

function ticksOf(fields: readonly string[]): number {
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

function parentOf(pid: string): number {
  return Number(fieldsOf(pid)[1] ?? 0);
}

/** The fields behind the name, which may hold spaces itself: state, parent, …; user and system time are 11 and 12. */
function fieldsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}
