import { defineConnection, pageArgs, shownError, type Payload } from '@banyan/kit/graphql';
import { circleThemes, realNameLevels, trustBands } from '@banyan/vocabulary';
import { builder, CirclesUserError } from '../builder.ts';
import { pageOfCircles, type CircleRow } from '../db/circles.ts';
import { createCircle } from '../domain/create-circle.ts';
import { updateCircle } from '../domain/update-circle.ts';
import { circleAccesses, trustCurrencies } from '../domain/words.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';

const CircleThemeEnum = builder.enumType('CircleTheme', { values: circleThemes });
const CircleAccessEnum = builder.enumType('CircleAccess', { values: circleAccesses });
const TrustCurrencyEnum = builder.enumType('TrustCurrency', {
  description: 'What the trust among members rests on.',
  values: trustCurrencies,
});
const RealNameLevelEnum = builder.enumType('RealNameLevel', { values: realNameLevels });
const TrustBandEnum = builder.enumType('TrustBand', { values: trustBands });

const CircleRequirement = builder
  .objectRef<Pick<CircleRow, 'real_name_level' | 'trust_band'>>('CircleRequirement')
  .implement({
    description: 'What a person must have to come in.',
    fields: (t) => ({
      realNameLevel: t.expose('real_name_level', { type: RealNameLevelEnum }),
      trustBand: t.expose('trust_band', { type: TrustBandEnum, nullable: true }),
    }),
  });

export const Circle = builder.objectRef<CircleRow>('Circle').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    theme: t.expose('theme', { type: CircleThemeEnum }),
    about: t.exposeString('about'),
    access: t.expose('access', { type: CircleAccessEnum }),
    trustCurrency: t.field({
      type: [TrustCurrencyEnum],
      resolve: (circle) => [...circle.trust_currency],
    }),
    requires: t.field({ type: CircleRequirement, resolve: (circle) => circle }),
    joinQuestions: t.stringList({ resolve: (circle) => [...circle.join_questions] }),
    memberCount: t.expose('member_count', { type: 'BigInt' }),
  }),
});

builder.asEntity(Circle, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loaders.circle.load(id),
});

export const CircleConnection = defineConnection(builder, 'Circle', Circle);

export const CirclePayload = builder.objectRef<Payload<{ circle: CircleRow }>>('CirclePayload').implement({
  fields: (t) => ({
    circle: t.expose('circle', { type: Circle, nullable: true }),
    userErrors: t.expose('userErrors', { type: [CirclesUserError] }),
  }),
});

builder.queryField('circle', (t) =>
  t.field({
    type: Circle,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, { loaders }) => loaders.circle.load(id),
  }),
);

const maxSearchCharacters = 100;
const maxSearchWords = 8;

/** @throws GraphQLError `BAD_USER_INPUT` for what nobody would search for. */
function searchedWords(search: string | null | undefined): string[] {
  const words = (search ?? '').split(/\s+/).filter(Boolean);
  if (
    (search ?? '').length <= maxSearchCharacters &&
    !search?.includes('\0') &&
    words.length <= maxSearchWords
  )
    return words;
  throw shownError(
    'BAD_USER_INPUT',
    `"search" takes at most ${maxSearchWords} words of together ${maxSearchCharacters} characters.`,
  );
}

builder.queryField('circles', (t) =>
  t.field({
    type: CircleConnection,
    description: 'Newest first; each word of the search occurs in the name or the description.',
    args: {
      theme: t.arg({ type: CircleThemeEnum, required: false }),
      search: t.arg.string({ required: false, directives: { cost: { weight: 10 } } }),
      ...pageArguments,
    },
    resolve: (_root, { theme, search, ...page }, { db }) =>
      pageOfCircles(db, { theme: theme ?? null, words: searchedWords(search) }, pageArgs(page)),
  }),
);

const CreateCircleInput = builder.inputType('CreateCircleInput', {
  fields: (t) => ({
    name: t.string(),
    about: t.string(),
    theme: t.field({ type: CircleThemeEnum }),
    access: t.field({ type: CircleAccessEnum }),
    organisationId: t.id({ required: false }),
    realNameLevel: t.field({ type: RealNameLevelEnum, required: false }),
    trustBand: t.field({ type: TrustBandEnum, required: false }),
    joinQuestions: t.stringList({ required: false }),
    idempotencyKey: t.string(),
  }),
});
const UpdateCircleInput = builder.inputType('UpdateCircleInput', {
  fields: (t) => ({
    circleId: t.id(),
    about: t.string({ required: false }),
    access: t.field({ type: CircleAccessEnum, required: false }),
    joinQuestions: t.stringList({ required: false }),
  }),
});

builder.mutationField('createCircle', (t) =>
  t.field({
    type: CirclePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CreateCircleInput }) },
    resolve: (_root, { input }, context) => mutate(context, createCircle, input),
  }),
);

builder.mutationField('updateCircle', (t) =>
  t.field({
    type: CirclePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: UpdateCircleInput }) },
    resolve: (_root, { input }, context) => mutate(context, updateCircle, input),
  }),
);
