import { refuse } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { AidPlanRow } from '../db/aid-plans.ts';

/** The most that one payment into a plan may be, in minor units. */
const maxAidAmountMinor = 1_000_000n;

export const moneyShape = z.object({ minor: z.bigint(), currency: z.string() });

/** @throws Refusal `INVALID_INPUT` unless the amount is one that the plan takes. */
export function checkAidAmount(plan: AidPlanRow, amount: z.infer<typeof moneyShape>): void {
  if (amount.currency !== plan.currency) {
    throw refuse(
      'INVALID_INPUT',
      { en: `This plan is in ${plan.currency}.`, zh: `该计划以 ${plan.currency} 计价。` },
      ['input', 'amount', 'currency'],
    );
  }
  if (amount.minor < plan.least_amount_minor || amount.minor > maxAidAmountMinor) {
    throw refuse(
      'INVALID_INPUT',
      {
        en: `From ${plan.least_amount_minor} to ${maxAidAmountMinor} in minor units.`,
        zh: `金额须在 ${plan.least_amount_minor} 至 ${maxAidAmountMinor}（最小货币单位）之间。`,
      },
      ['input', 'amount', 'minor'],
    );
  }
}
