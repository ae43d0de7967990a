import type { Payload } from '@banyan/kit/graphql';
import { builder, UsersUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import { factors, realNameStates, statusOf, type RealNameStatus } from '../domain/real-name.ts';
import { startRealName } from '../domain/start-real-name.ts';
import { mutate } from './mutate.ts';
import { RealNameLevelEnum } from './user.ts';
import { MaskedString, Viewer } from './viewer.ts';

const RealNameStateEnum = builder.enumType('RealNameState', { values: realNameStates });
const FactorEnum = builder.enumType('Factor', {
  description: 'What a legal name was checked by.',
  values: factors,
});

export const RealNameStatusType = builder.objectRef<RealNameStatus>('RealNameStatus').implement({
  fields: (t) => ({
    level: t.expose('level', { type: RealNameLevelEnum }),
    state: t.expose('state', { type: RealNameStateEnum, description: 'Of the latest check.' }),
    factors: t.field({ type: [FactorEnum], resolve: (status) => [...status.factors] }),
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime', nullable: true }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why the latest check is open or failed.',
    }),
  }),
});

/** How a person stands, for the person and for staff. */
export async function realNameOf(personId: string, { loaders }: Context): Promise<RealNameStatus> {
  const [name, latest] = await Promise.all([
    loaders.realName.load(personId),
    loaders.latestCheck.load(personId),
  ]);
  return statusOf(name, latest);
}

/** The verified name, masked. */
export async function maskedNameOf(
  personId: string,
  { loaders }: Context,
): Promise<{ masked: string } | null> {
  const name = await loaders.realName.load(personId);
  return name && { masked: name.legal_name_masked };
}

builder.objectFields(Viewer, (t) => ({
  legalName: t.field({
    type: MaskedString,
    nullable: true,
    resolve: ({ id }, _args, context) => maskedNameOf(id, context),
  }),
  realName: t.field({
    type: RealNameStatusType,
    resolve: ({ id }, _args, context) => realNameOf(id, context),
  }),
}));

const StartRealNamePayload = builder
  .objectRef<Payload<{ challengeUrl: string | null; status: RealNameStatus }>>('StartRealNamePayload')
  .implement({
    fields: (t) => ({
      challengeUrl: t.exposeString('challengeUrl', {
        nullable: true,
        description: 'Where to show one’s face; null where nothing is asked.',
      }),
      status: t.expose('status', { type: RealNameStatusType, nullable: true }),
      userErrors: t.expose('userErrors', { type: [UsersUserError] }),
    }),
  });

const StartRealNameInput = builder.inputType('StartRealNameInput', {
  fields: (t) => ({
    level: t.field({ type: RealNameLevelEnum }),
    legalName: t.string(),
    idNumber: t.string(),
    bankCard: t.string({ required: false }),
    idempotencyKey: t.string(),
  }),
});

builder.mutationField('startRealName', (t) =>
  t.field({
    type: StartRealNamePayload,
    directives: { cost: { weight: 100 } },
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: StartRealNameInput }) },
    resolve: (_root, { input }, context) => mutate(context, startRealName, input),
  }),
);
