import { closeAtOnce } from '@banyan/kit/service';
import { people } from '@banyan/seed';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphUnavailable } from './graph.ts';
import { refresh, signIn, type Session } from './sessions.ts';

/** What the load is told of a donor who has signed in. */
export interface DonorToken {
  readonly accessToken: string;
  /** In milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/** The donors as they are at a moment; each stays in one place for the whole run, and by it the record names them. */
export interface DonorTokens {
  /** Null in the place of who could not be signed in: nobody gives as that donor. */
  readonly donors: readonly (DonorToken | null)[];
  /** Until when there is nothing newer. */
  readonly askAgainAtMs: number;
}

/** Donors who have signed in and stay so, however long the run. */
export interface Donors extends AsyncDisposable {
  /** Where the load asks for `DonorTokens`, as JSON. */
  readonly url: string;
  /** The tokens as they are now, renewed where they end soon. */
  tokens(): Promise<DonorTokens>;
}

/** Donors who sign in before a run. */
const signedInDonors = 20;
/** A token is renewed when less than this is left of its life, or a third of the life if that is less. */
const maxMarginMs = 60_000;
/** The longest that anybody holds what was told. */
const maxHoldMs = 5 * 60_000;
/** Between two attempts to renew where nobody answered. */
const retryMs = 2_000;

/** One donor's place. */
interface Place {
  readonly phone: string;
  session: Session | null;
  renewAtMs: number;
}

/** Part of the cast, another one each time, so that two runs in a row do not ask for codes twice. */
export function pickPhones(): string[] {
  const start = Math.floor(Math.random() * (people.length - signedInDonors));
  return people.slice(start, start + signedInDonors).map((person) => person.phone);
}

/**
 * Signs people in by the code of a message, as they do, and keeps them so: whoever asks for their tokens gets such as
 * live on, by their refresh tokens, or by a new code where those have ended. Without a sandbox to read codes from, nobody.
 */
export async function signInDonors(
  graphUrl: string,
  sandboxUrl: string | undefined,
  phones: readonly string[],
): Promise<Donors> {
  const places =
    sandboxUrl === undefined ? [] : phones.map((phone): Place => ({ phone, session: null, renewAtMs: 0 }));

  async function renew(place: Place): Promise<void> {
    if (Date.now() < place.renewAtMs) return;
    const session = await nextSession(graphUrl, sandboxUrl ?? '', place);
    const now = Date.now();
    // The old token stays in its place where nobody answered: a gift that is sent again must come from the same donor.
    place.session = session ?? place.session;
    place.renewAtMs =
      session === null
        ? now + retryMs
        : session.endsAtMs - Math.min(maxMarginMs, (session.endsAtMs - now) / 3);
  }

  let renewing: Promise<unknown> | undefined;
  async function tokens(): Promise<DonorTokens> {
    // Those who ask together wait for one renewal: a refresh token is good for one.
    renewing ??= Promise.all(places.map(renew)).finally(() => {
      renewing = undefined;
    });
    await renewing;
    return {
      donors: places.map(
        ({ session }) => session && { accessToken: session.accessToken, endsAtMs: session.endsAtMs },
      ),
      askAgainAtMs: Math.min(...places.map(({ renewAtMs }) => renewAtMs), Date.now() + maxHoldMs),
    };
  }

  await tokens();
  const server = createServer((_request, response) => {
    tokens().then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tokens,
    [Symbol.asyncDispose]: () => closeAtOnce(server),
  };
}

/** Null when nobody answered, or a code was asked for a moment ago. */
async function nextSession(
  graphUrl: string,
  sandboxUrl: string,
  { phone, session }: Place,
): Promise<Session | null> {
  try {
    const next = session === null ? null : await refresh(graphUrl, session);
    return next ?? (await signIn(graphUrl, sandboxUrl, phone));
  } catch (error) {
    // Broken connections and answers of a graph that is just being broken.
    if (error instanceof GraphUnavailable || error instanceof TypeError || error instanceof SyntaxError)
      return null;
    throw error;
  }
}
