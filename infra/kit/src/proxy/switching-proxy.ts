import { startRelay } from './relay.ts';

/** One address for whichever server is the primary, as a cluster's service name is. */
export interface SwitchingProxy extends AsyncDisposable {
  /** The first server's URL by way of the proxy. */
  readonly url: string;
  /** Leads new connections to the server that the URL names; those that stand stay. */
  switchTo(url: string): void;
}

/** Starts a proxy on a free port of 127.0.0.1 before the server that `url` names. */
export async function startSwitchingProxy(url: string): Promise<SwitchingProxy> {
  let target = new URL(url);
  const relay = await startRelay(
    () => target,
    ({ client, upstream }) => {
      client.pipe(upstream);
      upstream.pipe(client);
    },
  );
  return {
    url: relay.urlOf(url),
    switchTo(next) {
      target = new URL(next);
    },
    [Symbol.asyncDispose]: async () => relay[Symbol.asyncDispose](),
  };
}
