import type { System } from '../src/system.ts';
import type { GraphAnswer } from './graph-client.ts';

/** The results of a subscription, as they come. */
export interface Follower<Data> {
  next(): Promise<GraphAnswer<Data>>;
  leave(): void;
}

/** What a client asks to be told of, and in whose name. */
export interface Following {
  query: string;
  variables?: object;
  token?: string;
}

async function* readEvents<Data>(body: ReadableStream<Uint8Array>): AsyncGenerator<GraphAnswer<Data>> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^event: next\ndata: (.*)$/s.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data) as GraphAnswer<Data>;
    }
  }
}

/** Follows a subscription through the gateway, over server-sent events. */
export async function followOverEvents<Data>(
  system: System,
  { query, variables, token }: Following,
): Promise<Follower<Data>> {
  const leaving = new AbortController();
  const { body, status } = await fetch(`${system.urls['gateway'] ?? ''}/graphql/stream`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  if (body === null || status !== 200) throw new Error(`The subscription was answered with ${status}.`);
  const events = readEvents<Data>(body);
  return {
    async next() {
      const read = await events.next();
      if (read.done === true) throw new Error('The subscription has ended.');
      return read.value;
    },
    leave: () => {
      leaving.abort();
    },
  };
}

/** Follows a subscription through the gateway, over a WebSocket of its own. */
export async function followOverSocket<Data>(
  system: System,
  { query, variables, token }: Following,
): Promise<Follower<Data>> {
  const url = `${(system.urls['gateway'] ?? '').replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws');
  const said = new ReadableStream<{ type: string; payload?: unknown }>({
    start(messages) {
      socket.addEventListener('message', ({ data }) => {
        messages.enqueue(JSON.parse(String(data)) as { type: string });
      });
      socket.addEventListener('close', ({ code }) => {
        messages.error(new Error(`The WebSocket was closed with ${code}.`));
      });
    },
  }).getReader();
  const say = (message: object) => {
    socket.send(JSON.stringify(message));
  };
  const hear = async (type: string) => {
    const { value } = await said.read();
    if (value?.type !== type)
      throw new Error(`${type} was expected, and this came: ${JSON.stringify(value)}`);
    return value.payload;
  };
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  say({ type: 'connection_init', payload: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  await hear('connection_ack');
  say({ id: '1', type: 'subscribe', payload: { query, variables } });
  return {
    next: async () => (await hear('next')) as GraphAnswer<Data>,
    leave: () => {
      socket.close();
    },
  };
}
