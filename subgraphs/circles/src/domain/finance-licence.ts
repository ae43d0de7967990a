import { refuse } from '@banyan/kit/graphql';
import type { CircleTheme } from '@banyan/vocabulary';
import type { KnownOrganisationRow } from '../db/known-organisations.ts';

/** Themes in which money is advised on or sold. */
const financeThemes: readonly CircleTheme[] = ['WEALTH'];

/**
 * Whether an operator may run a circle of this theme on this day. Finance is for verified organisations with a licence
 * for it: an insurer is verified by its licence; a company needs one that is valid. A charity's licence is for
 * fundraising and does not count.
 */
function mayRun(theme: CircleTheme, operator: KnownOrganisationRow | null, today: string): boolean {
  if (!financeThemes.includes(theme)) return true;
  if (operator === null) return false;
  if (operator.kinds.includes('INSURER')) return true;
  const { licence_valid_from: from, licence_valid_to: to } = operator;
  return operator.kinds.includes('COMPANY') && from !== null && to !== null && from <= today && today <= to;
}

/** The calendar day in China, by whose law licences run. */
function dayInChina(now: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(now);
}

/** @throws Refusal `LICENCE_REQUIRED`. */
export function assertMayRun(theme: CircleTheme, operator: KnownOrganisationRow | null, now: Date): void {
  if (mayRun(theme, operator, dayInChina(now))) return;
  throw refuse(
    'LICENCE_REQUIRED',
    {
      en: 'A circle about wealth is run by an organisation with a financial licence.',
      zh: '财富类圈子须由持有金融牌照的机构开设。',
    },
    ['input', 'theme'],
  );
}
