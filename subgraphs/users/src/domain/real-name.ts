import { realNameLevels, type RealNameLevel } from '@banyan/vocabulary';

export type VerifiedLevel = Exclude<RealNameLevel, 'NONE'>;
export const verifiedLevels = [
  'TWO_FACTOR',
  'THREE_FACTOR',
  'FOUR_FACTOR',
  'FACE_LIVENESS',
] as const satisfies readonly VerifiedLevel[];

export const realNameStates = ['NONE', 'PENDING', 'VERIFIED', 'FAILED'] as const;
export type RealNameState = (typeof realNameStates)[number];

/** What a legal name was checked by. */
export const factors = ['ID_NUMBER', 'PHONE', 'BANK_CARD', 'FACE'] as const;
export type Factor = (typeof factors)[number];

export const factorsOf: Readonly<Record<VerifiedLevel, readonly Factor[]>> = {
  TWO_FACTOR: ['ID_NUMBER'],
  THREE_FACTOR: ['ID_NUMBER', 'PHONE'],
  FOUR_FACTOR: ['ID_NUMBER', 'PHONE', 'BANK_CARD'],
  FACE_LIVENESS: ['ID_NUMBER', 'FACE'],
};

/** The stronger of two levels: what is known is not forgotten by a weaker check. */
export function strongerOf(a: VerifiedLevel, b: VerifiedLevel): VerifiedLevel {
  return realNameLevels.indexOf(a) >= realNameLevels.indexOf(b) ? a : b;
}

/** How a person stands: by what is verified, and by the latest check. */
export interface RealNameStatus {
  readonly level: RealNameLevel;
  readonly state: RealNameState;
  readonly factors: readonly Factor[];
  readonly verifiedAt: Date | null;
  readonly reason: string | null;
}

export function statusOf(
  name: { level: VerifiedLevel; factors: readonly Factor[]; verified_at: Date } | null,
  latest: { state: 'PENDING' | 'VERIFIED' | 'FAILED'; reason: string | null } | null,
): RealNameStatus {
  const known = {
    level: name?.level ?? ('NONE' as const),
    factors: name?.factors ?? [],
    verifiedAt: name?.verified_at ?? null,
  };
  // A name that is verified stays so, whatever becomes of a further check; the reason tells what did.
  const reason = latest?.state === 'VERIFIED' ? null : (latest?.reason ?? null);
  if (latest?.state === 'PENDING') return { ...known, state: 'PENDING', reason };
  if (name !== null) return { ...known, state: 'VERIFIED', reason };
  return { ...known, state: latest === null ? 'NONE' : latest.state, reason };
}

/** 王** or X*** W***: enough to recognise one's own name. */
export function maskName(name: string): string {
  if (/^\p{Script=Han}/u.test(name)) {
    const [first = '', ...rest] = name;
    return first + '*'.repeat(Math.max(1, rest.length));
  }
  return name
    .split(/\s+/)
    .map((word) => `${[...word][0] ?? ''}***`)
    .join(' ');
}
