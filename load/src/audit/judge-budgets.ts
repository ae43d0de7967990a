import type { Finding } from './finding.ts';
import type { Testimony } from './testimony.ts';

/** A run with budgets in which nobody used one up has not shown what becomes of who is turned away. */
export function* judgeBudgets(
  hasBudgets: boolean,
  { turnedAway }: Pick<Testimony, 'turnedAway'>,
): Generator<Finding> {
  if (!hasBudgets || turnedAway > 0) return;
  const detail = 'no gift was turned away: take a higher rate, a longer run, or fewer per cent';
  yield { fault: 'NOT_CARRIED_OUT', subject: 'budgets', detail };
}
