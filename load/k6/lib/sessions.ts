import http from 'k6/http';
import { settings } from './settings.ts';

interface DonorToken {
  accessToken: string;
  endsAtMs: number;
}
interface DonorTokens {
  donors: readonly (DonorToken | null)[];
  askAgainAtMs: number;
}

/** What this virtual user was told last; the runner keeps the sessions and renews them. */
let told: DonorTokens = { donors: [], askAgainAtMs: 0 };

function current(): DonorTokens {
  if (settings.donorsUrl === '' || Date.now() < told.askAgainAtMs) return told;
  const response = http.get(settings.donorsUrl, { tags: { name: 'donors' } });
  if (response.status === 200) told = response.json() as unknown as DonorTokens;
  return told;
}

/** The donor whose turn it is, by the place of the session; null for a guest, and for one whose session is over. */
export function pickDonor(turn: number): number | null {
  const { donors } = current();
  if (donors.length === 0) return null;
  const donor = turn % donors.length;
  return (donors[donor]?.endsAtMs ?? 0) > Date.now() ? donor : null;
}

/** The newest token of a donor; of a guest none. */
export function accessTokenOf(donor: number | null): string | undefined {
  return donor === null ? undefined : current().donors[donor]?.accessToken;
}
