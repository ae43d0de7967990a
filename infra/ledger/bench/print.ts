/** Writes one line. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Rows of the same columns as a Markdown table. */
export function formatTable(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => `| ${Object.values(row).join(' | ')} |`);
  return [`| ${names.join(' | ')} |`, `|${names.map(() => '---').join('|')}|`, ...lines].join('\n');
}

/** Targets that were missed, by what they say. */
const missed: string[] = [];

/** A target and whether a measured ratio meets it; a missed one is remembered for `failWhereMissed`. */
export function formatTarget(what: string, ratio: number, atLeast: number): string {
  const isMet = ratio >= atLeast;
  if (!isMet) missed.push(what);
  return `${isMet ? 'met   ' : 'MISSED'}  ${what}: ${ratio.toFixed(2)} (target ${atLeast})`;
}

/** At the end of a bench: names the targets that were missed, if any were, and lets the program end with code 1. */
export function failWhereMissed(): void {
  if (missed.length === 0) return;
  say(`FAILED: ${missed.length} targets missed: ${missed.join('; ')}`);
  process.exitCode = 1;
}
