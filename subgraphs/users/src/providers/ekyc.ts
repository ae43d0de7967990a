import { z } from 'zod';
import type { VerifiedLevel } from '../domain/real-name.ts';

/** What is known of a person who says their name. */
export interface EkycQuestion {
  readonly level: VerifiedLevel;
  readonly legalName: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly bankCard: string | null;
}

/** What the registers say. */
export interface EkycAnswer {
  readonly checkId: string;
  readonly state: 'PENDING' | 'VERIFIED' | 'FAILED';
  readonly reason: string | null;
  /** Where the person shows their face. */
  readonly challengeUrl: string | null;
}

/** Port to whoever asks the registers of identity. */
export interface EkycProvider {
  /**
   * Asks; the same key and question give the same check.
   * @throws EkycUnavailable when there is no answer, which says nothing about the person.
   */
  check(key: string, question: EkycQuestion): Promise<EkycAnswer>;
  /**
   * Asks what became of a check; null when the provider does not know it any more.
   * @throws EkycUnavailable
   */
  find(checkId: string): Promise<EkycAnswer | null>;
}

export class EkycUnavailable extends Error {
  override readonly name = 'EkycUnavailable';
}

const defaultTimeoutMs = 5_000;

const answerShape = z.object({
  checkId: z.string(),
  state: z.enum(['PENDING', 'VERIFIED', 'FAILED']),
  reason: z.string().nullable(),
  challengeUrl: z.string().nullable(),
});

/** Asks by HTTP: `POST /ekyc/checks`, `GET /ekyc/checks/:id`. */
export function createHttpEkycProvider(options: { url: string; timeoutMs?: number }): EkycProvider {
  async function call(path: string, init: RequestInit): Promise<EkycAnswer | null> {
    try {
      const signal = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
      const response = await fetch(new URL(path, options.url), { ...init, signal });
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`status ${response.status}`);
      return answerShape.parse(await response.json());
    } catch (error) {
      throw new EkycUnavailable('The registers of identity do not answer.', { cause: error });
    }
  }

  return {
    async check(key, { bankCard, ...question }) {
      const answer = await call('/ekyc/checks', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ ...question, ...(bankCard !== null && { bankCard }) }),
      });
      if (answer === null) throw new EkycUnavailable('The provider has no such service.');
      return answer;
    },
    find: (checkId) => call(`/ekyc/checks/${encodeURIComponent(checkId)}`, { method: 'GET' }),
  };
}
