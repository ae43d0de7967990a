import type { ServerResponse } from 'node:http';

/**
 * Writes the lines of a batch's answer. Lines that come in the same turn of the event loop go out in one write, and an answer that
 * is complete by then goes as a whole: each write is a system call on both sides.
 */
export function createAnswerLines(response: ServerResponse): { add(line: string): void; end(): void } {
  const type = { 'content-type': 'application/x-ndjson' };
  let text = '';
  let isFlushing = false;

  function flush(): void {
    isFlushing = false;
    if (text === '' || response.destroyed) return;
    if (!response.headersSent) response.writeHead(200, type);
    response.write(text);
    text = '';
  }

  return {
    add(line) {
      text += `${line}\n`;
      if (isFlushing) return;
      isFlushing = true;
      setImmediate(flush);
    },
    end() {
      if (!response.headersSent)
        response.writeHead(200, { ...type, 'content-length': Buffer.byteLength(text) });
      response.end(text);
      text = '';
    },
  };
}
