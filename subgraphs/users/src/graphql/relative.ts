import { defineConnection, pageArgs, type Payload } from '@banyan/kit/graphql';
import { relations } from '@banyan/vocabulary';
import { builder, UsersUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import { pageOfRelatives, type RelativeRow } from '../db/relatives.ts';
import { confirmRelative } from '../domain/confirm-relative.ts';
import { isParty, otherSideSeenBy, relationSeenBy } from '../domain/relative-view.ts';
import { requestRelative } from '../domain/request-relative.ts';
import { relativeStates } from '../domain/words.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';
import { User } from './user.ts';
import { Viewer } from './viewer.ts';

const RelationEnum = builder.enumType('Relation', {
  description: 'What the one is to the other: PARENT reads "is a parent of".',
  values: relations,
});
const RelativeStateEnum = builder.enumType('RelativeState', { values: relativeStates });

/** One of the two, and nobody else, sees a kinship, and sees it from their own side. */
const partyOf = (relative: RelativeRow, { caller }: Context): string => caller.subject ?? relative.asker_id;

const Relative = builder.objectRef<RelativeRow>('Relative').implement({
  authScopes: (relative, { caller }) => caller.subject !== null && isParty(relative, caller.subject),
  fields: (t) => ({
    id: t.exposeID('id'),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The other one. Null to who asked until the other has confirmed.',
      resolve: (relative, _args, context) => {
        const other = otherSideSeenBy(relative, partyOf(relative, context));
        return other === null ? null : context.loaders.person.load(other);
      },
    }),
    relation: t.field({
      type: RelationEnum,
      description: 'What the other one is to you.',
      resolve: (relative, _args, context) => relationSeenBy(relative, partyOf(relative, context)),
    }),
    state: t.expose('state', { type: RelativeStateEnum }),
    byDocument: t.exposeBoolean('by_document'),
    verifiedAt: t.expose('verified_at', { type: 'DateTime', nullable: true }),
  }),
});

builder.asEntity(Relative, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async ({ id }, { caller, loaders }) => {
    if (caller.subject === null) return null;
    const relative = await loaders.relative.load(id);
    return relative !== null && isParty(relative, caller.subject) ? relative : null;
  },
});

const RelativeConnection = defineConnection(builder, 'Relative', Relative);

const RelativePayload = builder.objectRef<Payload<{ relative: RelativeRow }>>('RelativePayload').implement({
  fields: (t) => ({
    relative: t.expose('relative', { type: Relative, nullable: true }),
    userErrors: t.expose('userErrors', { type: [UsersUserError] }),
  }),
});

builder.objectField(Viewer, 'relatives', (t) =>
  t.field({
    type: RelativeConnection,
    description: 'Asked by you or of you, newest first.',
    args: pageArguments,
    resolve: ({ id }, page, { db }) => pageOfRelatives(db, id, pageArgs(page)),
  }),
);

const RequestRelativeInput = builder.inputType('RequestRelativeInput', {
  fields: (t) => ({
    phone: t.string(),
    relation: t.field({ type: RelationEnum, description: 'What the owner of the phone is to you.' }),
  }),
});
const ConfirmRelativeInput = builder.inputType('ConfirmRelativeInput', {
  fields: (t) => ({ relativeId: t.id(), accept: t.boolean() }),
});

builder.mutationField('requestRelative', (t) =>
  t.field({
    type: RelativePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: RequestRelativeInput }) },
    resolve: (_root, { input }, context) => mutate(context, requestRelative, input),
  }),
);

builder.mutationField('confirmRelative', (t) =>
  t.field({
    type: RelativePayload,
    authScopes: { signedIn: true },
    description: 'Confirms or declines; ends a kinship that was confirmed, takes back what one has asked.',
    args: { input: t.arg({ type: ConfirmRelativeInput }) },
    resolve: (_root, { input }, context) => mutate(context, confirmRelative, input),
  }),
);
