import { createHopVerifier, signedRoute, type HopKey } from '@banyan/kit/hop';
import { sendError, sendJson, type Logger, type Route } from '@banyan/kit/service';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { verifyApiKey } from '../domain/verify-api-key.ts';

/** SHA-256 in base64url. The key itself never comes here. */
const bodyShape = z.object({ hash: z.string().regex(/^[\w-]{43}$/) });

/**
 * `POST /api-keys/verify`: what is known of an API key, by its hash. For the edge alone: signed as a hop is, with its own
 * path in the signature.
 */
export function createVerifyApiKeyRoute(
  services: Pick<Services, 'db' | 'now'>,
  options: { hopKeys: readonly HopKey[]; log: Logger },
): Route {
  const verifier = createHopVerifier(options.hopKeys);
  return signedRoute(
    { subgraph: 'users', verifier, log: options.log },
    async (_request, response, _url, body) => {
      let hash: string;
      try {
        ({ hash } = bodyShape.parse(JSON.parse(body.toString('utf8'))));
      } catch {
        sendError(response, 400, 'BAD_REQUEST', 'Expected {"hash": SHA-256 of the key in base64url}.');
        return;
      }
      sendJson(response, 200, await verifyApiKey(services, hash));
    },
  );
}
