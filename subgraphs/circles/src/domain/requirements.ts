import { refuse } from '@banyan/kit/graphql';
import { atLeast, realNameLevels, trustBands } from '@banyan/vocabulary';
import type { CircleRow } from '../db/circles.ts';
import type { KnownPersonRow } from '../db/known-people.ts';

type Requirements = Pick<CircleRow, 'real_name_level' | 'trust_band'>;

/** Whether a person has the real name and the trust that a circle asks for. */
export function meets(person: KnownPersonRow, circle: Requirements): boolean {
  return knownWellEnough(person, circle) && trustedEnough(person, circle);
}

/** @throws Refusal `REAL_NAME_REQUIRED` or `TRUST_TOO_LOW` when the person falls short. */
export function assertMeets(person: KnownPersonRow, circle: Requirements, field: string): void {
  if (!knownWellEnough(person, circle)) {
    throw refuse(
      'REAL_NAME_REQUIRED',
      {
        en: 'This circle asks for a better verified real name.',
        zh: '该圈子要求更高的实名认证等级，请先完成认证。',
      },
      ['input', field],
    );
  }
  if (!trustedEnough(person, circle)) {
    throw refuse(
      'TRUST_TOO_LOW',
      { en: 'This circle asks for a better trust record.', zh: '该圈子对信任等级有更高要求。' },
      ['input', field],
    );
  }
}

function knownWellEnough(person: KnownPersonRow, circle: Requirements): boolean {
  return atLeast(realNameLevels, person.real_name_level, circle.real_name_level);
}

function trustedEnough(person: KnownPersonRow, circle: Requirements): boolean {
  return circle.trust_band === null || atLeast(trustBands, person.trust_band, circle.trust_band);
}
