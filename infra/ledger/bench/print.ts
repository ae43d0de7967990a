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

/** A target and whether a measured ratio meets it. */
export function formatTarget(what: string, ratio: number, atLeast: number): string {
  return `${ratio >= atLeast ? 'met   ' : 'MISSED'}  ${what}: ${ratio.toFixed(2)} (target ${atLeast})`;
}
