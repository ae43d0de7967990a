import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

const endOfHead = '\r\n\r\n';

/**
 * One kept-alive connection that asks and waits, with no more of HTTP than the answers of a benchmark need: a length or
 * chunks that end. A whole client (undici) takes a third of a two-core machine at these rates, and would be what is measured.
 */
export class Connection {
  readonly #socket: Socket;
  #received = '';
  #waiting: PromiseWithResolvers<string> | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // A byte is a character, so that lengths are those of the wire.
    socket.setEncoding('latin1').setNoDelay(true);
    socket.on('data', (chunk: string) => {
      this.#received = this.#received === '' ? chunk : this.#received + chunk;
      if (!isWhole(this.#received)) return;
      const answer = this.#received;
      this.#received = '';
      this.#waiting?.resolve(answer);
    });
    const failed = () => this.#waiting?.reject(new Error('The other side has hung up.'));
    socket.on('error', failed).on('close', failed);
  }

  static async open({ hostname, port }: URL): Promise<Connection> {
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Sends the bytes of a request. Gives the answer with its head; rejects when the other side hangs up. */
  ask(request: string): Promise<string> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request, 'latin1');
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }
}

function isWhole(received: string): boolean {
  const head = received.indexOf(endOfHead);
  if (head === -1) return false;
  const start = head + endOfHead.length;
  const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
  return length === undefined ? received.endsWith('0\r\n\r\n') : received.length >= start + Number(length);
}
