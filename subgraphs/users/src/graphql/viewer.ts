import { ownOnly, type Payload } from '@banyan/kit/graphql';
import { ageBandOf, ageBands } from '@banyan/vocabulary';
import { builder, UsersUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import type { PersonRow } from '../db/people.ts';
import { updateProfile } from '../domain/update-profile.ts';
import { mutate } from './mutate.ts';
import { User } from './user.ts';

export const AgeBandEnum = builder.enumType('AgeBand', { values: ageBands });

/** The one in whose name the operation runs. Made by `me` and by payloads of the caller's own mutations alone. */
export interface ViewerRef {
  id: string;
}

export const Viewer = builder.objectRef<ViewerRef>('Viewer');

export const MaskedString = builder.objectRef<{ masked: string }>('MaskedString').implement({
  description: 'The masked form of something private.',
  fields: (t) => ({ masked: t.exposeString('masked') }),
});

/** The caller’s own row. */
export function personOf(viewer: ViewerRef, { loaders }: Context): Promise<PersonRow> {
  return loaders.person.load(viewer.id).then((person) => {
    if (person === null) throw new Error('The caller is not a person known here.');
    return person;
  });
}

Viewer.implement({
  description: 'The signed-in person, and only to that person: returned by `me` alone.',
  fields: (t) => ({
    id: t.exposeID('id'),
    user: t.field({ type: User, resolve: (viewer, _args, context) => personOf(viewer, context) }),
    birthYear: t.int({
      nullable: true,
      resolve: async (viewer, _args, context) => (await personOf(viewer, context)).birth_year,
    }),
    ageBand: t.field({
      type: AgeBandEnum,
      nullable: true,
      resolve: async (viewer, _args, context) => {
        const { birth_year: birthYear } = await personOf(viewer, context);
        return birthYear === null ? null : ageBandOf(birthYear, context.now().getFullYear());
      },
    }),
    regionCode: t.string({
      nullable: true,
      resolve: async (viewer, _args, context) => (await personOf(viewer, context)).region_code,
    }),
    language: t.string({
      resolve: async (viewer, _args, context) => (await personOf(viewer, context)).language,
    }),
    phone: t.field({
      type: MaskedString,
      nullable: true,
      resolve: async (viewer, _args, context) => ({ masked: (await personOf(viewer, context)).phone_masked }),
    }),
  }),
});

builder.asEntity(Viewer, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => ownOnly(context, id, { id }),
});

builder.queryField('me', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'The signed-in person; null for everybody else.',
    resolve: (_root, _args, { caller }) => (caller.subject === null ? null : { id: caller.subject }),
  }),
);

export const ViewerPayload = builder.objectRef<Payload<{ viewer: ViewerRef }>>('ViewerPayload').implement({
  fields: (t) => ({
    viewer: t.expose('viewer', { type: Viewer, nullable: true }),
    userErrors: t.expose('userErrors', { type: [UsersUserError] }),
  }),
});

const UpdateProfileInput = builder.inputType('UpdateProfileInput', {
  fields: (t) => ({
    displayName: t.string({ required: false }),
    socialTitle: t.string({ required: false }),
    birthYear: t.int({ required: false }),
    regionCode: t.string({ required: false }),
    language: t.string({ required: false }),
  }),
});

builder.mutationField('updateProfile', (t) =>
  t.field({
    type: ViewerPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: UpdateProfileInput }) },
    resolve: (_root, { input }, context) => mutate(context, updateProfile, input),
  }),
);
