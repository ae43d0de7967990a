import type { Wording } from '@banyan/kit/graphql';

/** What a product or a plan protects against. */
export const covers = ['MEDICAL', 'CRITICAL_ILLNESS', 'ACCIDENT', 'CARE'] as const;
export type Cover = (typeof covers)[number];

export const coverNames: Readonly<Record<Cover, Wording>> = {
  MEDICAL: { en: 'Medical costs', zh: '医疗费用' },
  CRITICAL_ILLNESS: { en: 'Critical illness', zh: '重大疾病' },
  ACCIDENT: { en: 'Accidents', zh: '意外伤害' },
  CARE: { en: 'Long-term care', zh: '长期护理' },
};

export const quoteStates = ['OPEN', 'BOUND', 'DECLINED', 'OPTED_OUT', 'EXPIRED'] as const;
export type QuoteState = (typeof quoteStates)[number];

export const policyStates = ['PENDING_PAYMENT', 'ACTIVE', 'CANCELLED', 'LAPSED', 'EXPIRED'] as const;
export type PolicyState = (typeof policyStates)[number];

export const aidFundings = ['PREPAID', 'POST_SHARE'] as const;
export type AidFunding = (typeof aidFundings)[number];

export const aidPlanStates = ['OPEN', 'CLOSED_TO_NEW', 'WINDING_DOWN', 'CLOSED'] as const;
export type AidPlanState = (typeof aidPlanStates)[number];

export const aidMembershipStates = ['AWAITING_PAYMENT', 'WAITING', 'COVERED', 'GRACE', 'EXITED'] as const;
export type AidMembershipState = (typeof aidMembershipStates)[number];

export const questionKinds = ['YES_NO', 'NUMBER', 'CHOICE', 'TEXT', 'DATE'] as const;
export type QuestionKind = (typeof questionKinds)[number];
