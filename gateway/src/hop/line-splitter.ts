const newline = 10;

/** Cuts a stream of bytes into lines; a character that is split between two chunks stays whole. */
export function createLineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let unfinished: Buffer[] = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      const part = chunk.subarray(from, at);
      const line = unfinished.length === 0 ? part : Buffer.concat([...unfinished, part]);
      unfinished = [];
      from = at + 1;
      if (line.length > 0) onLine(line.toString('utf8'));
    }
    if (from < chunk.length) unfinished.push(chunk.subarray(from));
  };
}
