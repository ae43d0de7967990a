import { signHop, type HopKey } from './signature.ts';

/** The peer did not answer as expected; the message holds no address. */
export class PeerUnavailable extends Error {
  override readonly name = 'PeerUnavailable';
}

/** A signed GET to another service of the system, answered as JSON. */
export type SignedGet = (path: string, signal: AbortSignal) => Promise<unknown>;

/**
 * Signed requests to the feed of a peer.
 * @throws PeerUnavailable from the returned function when the peer is away or refuses.
 */
export function createSignedGet(peer: { name: string; url: string; key: HopKey }): SignedGet {
  return async (path, signal) => {
    const headers = signHop(peer.key, { subgraph: peer.name, method: 'GET', path, body: '' });
    let response: Response;
    try {
      response = await fetch(new URL(path, peer.url), { headers, signal });
    } catch (error) {
      throw new PeerUnavailable(`${peer.name} cannot be reached`, { cause: error });
    }
    if (!response.ok) throw new PeerUnavailable(`${peer.name} answered ${response.status}`);
    return response.json();
  };
}
