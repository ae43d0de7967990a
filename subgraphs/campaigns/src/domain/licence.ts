import type { OrganisationKind } from '@banyan/vocabulary';

export interface Licensee {
  readonly kinds: readonly OrganisationKind[];
  /** First and last day, YYYY-MM-DD. */
  readonly licence_from: string | null;
  readonly licence_to: string | null;
}

/** The calendar day in China, by whose law licences run. */
export function dayInChina(now: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(now);
}

/** Whether an organisation may raise money from the public on a day; both ends of the licence count. */
export function mayRaiseFromPublic(organisation: Licensee, day: string): boolean {
  const { kinds, licence_from: from, licence_to: to } = organisation;
  return kinds.includes('CHARITY') && from !== null && to !== null && from <= day && day <= to;
}
