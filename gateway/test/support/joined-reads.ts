import { createTestHopClient } from './hop-client.ts';
import { createSigningKey } from './keys.ts';
import { key, startShop } from './shop-processes.ts';

/** Says of an operation that it is a read. */
export const read = { canRepeat: true } as const;

/** A shop, and a client before it. */
export async function startBoth(maxConnections?: number) {
  const assertionKey = await createSigningKey('edge-1');
  const shop = await startShop(0, [assertionKey.publicJwk]);
  const client = await createTestHopClient([shop.url], {
    key,
    assertionKey,
    ...(maxConnections !== undefined && { maxConnections }),
  });
  return { shop, client };
}
