import { createHash, randomUUID } from 'node:crypto';
import { Problem } from '../http/reply.ts';
import { failed, judge, type CheckInput, type Verdict } from './rules.ts';

export interface Check {
  readonly checkId: string;
  readonly level: CheckInput['level'];
  verdict: Verdict;
  /** Of the input: who was checked is not kept. */
  readonly inputHash: string;
}

export interface Checks {
  /** Same key and input: the first check. @throws Problem 422 when the key came with another input. */
  start(key: string, input: CheckInput, declined: boolean): Check;
  find(checkId: string): Check;
  /** Ends a pending check. @throws Problem 409 when it has ended. */
  complete(checkId: string, passed: boolean): Check;
}

const maxChecks = 50_000;

/** Identity checks in bounded memory; the oldest are forgotten first. */
export function createChecks(): Checks {
  const byKey = new Map<string, Check>();
  const byId = new Map<string, Check>();

  function find(checkId: string): Check {
    const check = byId.get(checkId);
    if (!check) throw new Problem(404, 'NOT_FOUND', 'There is no such check.');
    return check;
  }

  return {
    find,
    start(key, input, declined) {
      const inputHash = createHash('sha256').update(JSON.stringify(input)).digest('hex');
      const known = byKey.get(key);
      if (known && known.inputHash !== inputHash) {
        throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', 'This key was used for another check.');
      }
      if (known) return known;
      const verdict = declined ? failed('DECLINED') : judge(input);
      const check: Check = { checkId: `chk_${randomUUID()}`, level: input.level, verdict, inputHash };
      remember(byKey, key, check);
      remember(byId, check.checkId, check);
      return check;
    },
    complete(checkId, passed) {
      const check = find(checkId);
      if (check.verdict.state !== 'PENDING')
        throw new Problem(409, 'ALREADY_DECIDED', 'This check has ended.');
      const refusal = check.verdict.reason === 'FACE_CHALLENGE' ? 'FACE_MISMATCH' : 'NAME_ID_MISMATCH';
      check.verdict = passed ? { state: 'VERIFIED' } : failed(refusal);
      return check;
    },
  };
}

function remember(checks: Map<string, Check>, key: string, check: Check): void {
  checks.set(key, check);
  if (checks.size > maxChecks) checks.delete(checks.keys().next().value as string);
}
