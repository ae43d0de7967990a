import { defineConnection, pageArgs, shownError, type Payload } from '@banyan/kit/graphql';
import { organisationKinds } from '@banyan/vocabulary';
import { builder, UsersUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import { pageOfOrganisations, type OrganisationRow } from '../db/organisations.ts';
import { createOrganisation } from '../domain/create-organisation.ts';
import { verifyOrganisation } from '../domain/verify-organisation.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';

const OrganisationKindEnum = builder.enumType('OrganisationKind', { values: organisationKinds });

const Licence = builder
  .objectRef<{ number: string; validFrom: string; validTo: string }>('Licence')
  .implement({
    description: 'A charity’s licence to raise from the public.',
    fields: (t) => ({
      number: t.exposeString('number'),
      validFrom: t.expose('validFrom', { type: 'Date' }),
      validTo: t.expose('validTo', { type: 'Date' }),
    }),
  });

export const Organisation = builder.objectRef<OrganisationRow>('Organisation').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    kinds: t.field({ type: [OrganisationKindEnum], resolve: ({ kinds }) => [...kinds] }),
    publicFundraisingLicence: t.field({
      type: Licence,
      nullable: true,
      resolve: ({ licence_number: number, licence_from: validFrom, licence_to: validTo }) =>
        number === null || validFrom === null || validTo === null ? null : { number, validFrom, validTo },
    }),
    verifiedAt: t.expose('verified_at', {
      type: 'DateTime',
      nullable: true,
      description: 'Null until a reviewer has seen that it is what it says.',
    }),
  }),
});

builder.asEntity(Organisation, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loaders.organisation.load(id),
});

const OrganisationConnection = defineConnection(builder, 'Organisation', Organisation);

export const OrganisationPayload = builder
  .objectRef<Payload<{ organisation: OrganisationRow }>>('OrganisationPayload')
  .implement({
    fields: (t) => ({
      organisation: t.expose('organisation', { type: Organisation, nullable: true }),
      userErrors: t.expose('userErrors', { type: [UsersUserError] }),
    }),
  });

builder.queryField('organisation', (t) =>
  t.field({
    type: Organisation,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, { loaders }) => loaders.organisation.load(id),
  }),
);

const maxSearchCharacters = 100;
const maxSearchWords = 8;

/** @throws GraphQLError `BAD_USER_INPUT` for what nobody would search for. */
function searchedWords(search: string): string[] {
  const words = search.split(/\s+/).filter(Boolean);
  if (search.length <= maxSearchCharacters && !search.includes('\0') && words.length <= maxSearchWords)
    return words;
  throw shownError(
    'BAD_USER_INPUT',
    `"search" takes at most ${maxSearchWords} words of together ${maxSearchCharacters} characters.`,
  );
}

/** Whoever is not verified yet could say to be anybody: reviewers see them, the public does not. */
const isReviewer = ({ caller }: Context) => caller.roles.has('REVIEWER');

builder.queryField('organisations', (t) =>
  t.field({
    type: OrganisationConnection,
    description: 'Verified ones, by name; each word of the search occurs in the name. Reviewers see all.',
    args: {
      kind: t.arg({ type: OrganisationKindEnum, required: false }),
      search: t.arg.string({ required: false, directives: { cost: { weight: 10 } } }),
      ...pageArguments,
    },
    resolve: (_root, { kind, search, ...page }, context) =>
      pageOfOrganisations(
        context.db,
        { kind: kind ?? null, words: searchedWords(search ?? ''), alsoUnverified: isReviewer(context) },
        pageArgs(page),
      ),
  }),
);

const CreateOrganisationInput = builder.inputType('CreateOrganisationInput', {
  fields: (t) => ({
    name: t.string(),
    kinds: t.field({ type: [OrganisationKindEnum] }),
    idempotencyKey: t.string(),
  }),
});
const LicenceInput = builder.inputType('LicenceInput', {
  fields: (t) => ({
    number: t.string(),
    validFrom: t.field({ type: 'Date' }),
    validTo: t.field({ type: 'Date' }),
  }),
});
const VerifyOrganisationInput = builder.inputType('VerifyOrganisationInput', {
  fields: (t) => ({
    organisationId: t.id(),
    licence: t.field({ type: LicenceInput, required: false }),
    approve: t.boolean(),
    reason: t.string(),
  }),
});

builder.mutationField('createOrganisation', (t) =>
  t.field({
    type: OrganisationPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CreateOrganisationInput }) },
    resolve: (_root, { input }, context) => mutate(context, createOrganisation, input),
  }),
);

builder.mutationField('verifyOrganisation', (t) =>
  t.field({
    type: OrganisationPayload,
    authScopes: { role: 'REVIEWER' },
    args: { input: t.arg({ type: VerifyOrganisationInput }) },
    resolve: (_root, { input }, context) => mutate(context, verifyOrganisation, input),
  }),
);
