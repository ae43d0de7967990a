import type { IncomingHttpHeaders } from 'node:http';
import { isAnonymous, type Caller } from '@banyan/kit/hop';
import { decodeJwt } from 'jose';
import { RequestRefused } from '../errors.ts';
import { tokenRefused } from '../identity/access-token.ts';
import { callerOf, type Identities } from '../identity/caller-of.ts';

/** When a token ends, in milliseconds since the epoch; what is no JWT does not say. */
function endOf({ authorization = '' }: IncomingHttpHeaders): number {
  try {
    return (
      (decodeJwt(authorization.replace(/^Bearer +/i, '').trim()).exp ?? Number.POSITIVE_INFINITY) * 1_000
    );
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function isSame(one: Caller, other: Caller): boolean {
  const { subject, roles, app } = one;
  return (
    subject === other.subject &&
    app?.id === other.app?.id &&
    roles.size === other.roles.size &&
    [...roles].every((role) => other.roles.has(role))
  );
}

/**
 * Watches whether a caller may still be taken for who it was: its token ends, or when it is looked at again, every
 * `recheckMs`, it is refused or stands for somebody else. A stranger stays one.
 * @param ended called once with the refusal, unless the returned function was called.
 */
export function watchIdentity(
  { credentials, caller }: { credentials: IncomingHttpHeaders; caller: Caller },
  { identities, recheckMs }: { identities: Identities; recheckMs: number },
  ended: (refusal: RequestRefused) => void,
): () => void {
  if (isAnonymous(caller)) return () => undefined;
  const endsAtMs = endOf(credentials);
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function look(): Promise<RequestRefused | null> {
    if (Date.now() >= endsAtMs) return tokenRefused('TOKEN_EXPIRED');
    try {
      return isSame(caller, await callerOf(credentials, identities, null))
        ? null
        : tokenRefused('TOKEN_INVALID');
    } catch (error) {
      // That it cannot be looked at for the moment is no reason to send everybody away.
      return error instanceof RequestRefused && error.status !== 503 ? error : null;
    }
  }

  function plan(): void {
    const waitMs = Math.max(0, Math.min(recheckMs, endsAtMs - Date.now()));
    timer = setTimeout(() => {
      void look().then((refusal) => {
        if (isOver) return;
        if (refusal === null) plan();
        else ended(refusal);
      });
    }, waitMs);
  }

  plan();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
