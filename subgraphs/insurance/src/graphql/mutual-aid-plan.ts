import { isId } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { findAllAidPlans, type AidPlanRow } from '../db/aid-plans.ts';
import { aidFundings, aidPlanStates } from '../domain/words.ts';

const AidFunding = builder.enumType('AidFunding', { values: aidFundings });
const AidPlanState = builder.enumType('AidPlanState', { values: aidPlanStates });

export const MutualAidPlan = builder.objectRef<AidPlanRow>('MutualAidPlan').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.string({ resolve: ({ name }, _args, { language }) => name[language] }),
    funding: t.expose('funding', { type: AidFunding }),
    state: t.expose('state', { type: AidPlanState }),
    memberCount: t.field({
      type: 'BigInt',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.memberCount.load(id))?.members ?? 0n,
    }),
    waitingDays: t.exposeInt('waiting_days'),
    shareCap: t.field({
      type: 'Money',
      description: 'The most that one member pays in one round.',
      resolve: ({ share_cap_minor, currency }) => ({ minor: share_cap_minor, currency }),
    }),
    conditions: t.stringList({
      resolve: ({ conditions }, _args, { language }) => conditions.map((condition) => condition[language]),
    }),
  }),
});

builder.asEntity(MutualAidPlan, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => (isId('pln', id) ? loaders.plan.load(id) : null),
});

builder.queryField('mutualAidPlans', (t) =>
  t.field({
    type: [MutualAidPlan],
    directives: { listSize: { assumedSize: 10 } },
    resolve: (_root, _args, { db }) => findAllAidPlans(db),
  }),
);

builder.queryField('mutualAidPlan', (t) =>
  t.field({
    type: MutualAidPlan,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, { loaders }) => (isId('pln', id) ? loaders.plan.load(id) : null),
  }),
);
