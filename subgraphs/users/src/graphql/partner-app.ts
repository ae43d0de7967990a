import { settle, signedIn, type Payload } from '@banyan/kit/graphql';
import { builder, UsersUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import type { ApiKeyRow } from '../db/api-keys.ts';
import type { PartnerAppRow } from '../db/partner-apps.ts';
import { maySeeApp, runsOrganisation } from '../domain/app-permission.ts';
import { createApiKey } from '../domain/create-api-key.ts';
import { createPartnerApp, maxApps } from '../domain/create-partner-app.ts';
import { revokeApiKey } from '../domain/revoke-api-key.ts';
import { rotateApiKey } from '../domain/rotate-api-key.ts';
import { appScopes } from '../domain/words.ts';
import { forgetLoaded } from '../loaders.ts';
import { existing } from './existing.ts';
import { Organisation } from './organisation.ts';

const ApiKey = builder.objectRef<ApiKeyRow>('ApiKey').implement({
  description: 'A key of an app, without its secret, which is shown once.',
  fields: (t) => ({
    id: t.exposeID('id'),
    prefix: t.exposeString('prefix', { description: 'How it begins, to know it again.' }),
    scopes: t.stringList({ resolve: ({ scopes }) => [...scopes] }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    expiresAt: t.expose('expires_at', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('last_used_at', {
      type: 'DateTime',
      nullable: true,
      description: 'To the minute.',
    }),
    revokedAt: t.expose('revoked_at', { type: 'DateTime', nullable: true }),
  }),
});

const PartnerApp = builder.objectRef<PartnerAppRow>('PartnerApp').implement({
  description:
    'An app that asks in the name of an organisation; seen by itself and by who runs the organisation.',
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    scopes: t.stringList({ resolve: ({ scopes }) => [...scopes] }),
    sandbox: t.exposeBoolean('sandbox', { description: 'For trial: its keys begin with `bk_test_`.' }),
    organisation: t.field({
      type: Organisation,
      resolve: async (app, _args, { loaders }) =>
        existing(await loaders.organisation.load(app.organisation_id)),
    }),
    keys: t.field({
      type: [ApiKey],
      description: 'The newest first, at most 20.',
      directives: { listSize: { assumedSize: 20 } },
      resolve: async ({ id }, _args, { loaders }) => [...(await loaders.apiKeys.load(id))],
    }),
  }),
});

builder.asEntity(PartnerApp, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async ({ id }, { db, caller, loaders }) => {
    const app = await loaders.partnerApp.load(id);
    return app !== null && (await maySeeApp(db, caller, app)) ? app : null;
  },
});

builder.queryField('partnerApp', (t) =>
  t.field({
    type: PartnerApp,
    nullable: true,
    description: 'The app by whose key the request came; null for everybody else.',
    resolve: (_root, _args, { caller, loaders }) =>
      caller.app === undefined ? null : loaders.partnerApp.load(caller.app.id),
  }),
);

builder.objectField(Organisation, 'partnerApps', (t) =>
  t.field({
    type: [PartnerApp],
    nullable: true,
    description: 'To owners and administrators.',
    authScopes: ({ id }, _args, { db, caller }) => runsOrganisation(db, caller, id),
    directives: { listSize: { assumedSize: maxApps } },
    resolve: async ({ id }, _args, { loaders }) => [...(await loaders.partnerApps.load(id))],
  }),
);

const PartnerAppPayload = builder.objectRef<Payload<{ app: PartnerAppRow }>>('PartnerAppPayload').implement({
  fields: (t) => ({
    app: t.expose('app', { type: PartnerApp, nullable: true }),
    userErrors: t.expose('userErrors', { type: [UsersUserError] }),
  }),
});

const ApiKeyPayload = builder
  .objectRef<Payload<{ secret?: string | null; key: ApiKeyRow }>>('ApiKeyPayload')
  .implement({
    description: 'The secret is shown once: a repeated request gets the key without it.',
    fields: (t) => ({
      secret: t.exposeString('secret', { nullable: true }),
      key: t.expose('key', { type: ApiKey, nullable: true }),
      userErrors: t.expose('userErrors', { type: [UsersUserError] }),
    }),
  });

const CreatePartnerAppInput = builder.inputType('CreatePartnerAppInput', {
  fields: (t) => ({
    organisationId: t.id(),
    name: t.string(),
    scopes: t.stringList({ description: `Of: ${appScopes.join(', ')}.` }),
    sandbox: t.boolean(),
    idempotencyKey: t.string(),
  }),
});
const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  fields: (t) => ({
    appId: t.id(),
    scopes: t.stringList({ required: false, description: 'As the app, where left out.' }),
    expiresAt: t.field({
      type: 'DateTime',
      required: false,
      description: 'In 90 days, where left out; within a year.',
    }),
    idempotencyKey: t.string(),
  }),
});
const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  fields: (t) => ({
    keyId: t.id(),
    overlapHours: t.int({
      required: false,
      defaultValue: 24,
      description: 'How long the old key stays good.',
    }),
    idempotencyKey: t.string(),
  }),
});
const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', { fields: (t) => ({ keyId: t.id() }) });

/** People who run the organisation, and apps that may manage their keys; actions tell who is who. */
const managers = { $any: { signedIn: true, appScope: 'keys:manage' } } as const;

/** Runs an action in the name of a person or of an app, and reads everything anew behind it. */
async function manage<Changed extends object>(
  context: Context,
  action: () => Promise<Changed>,
): Promise<Payload<Changed>> {
  const payload = await settle(context, action);
  forgetLoaded(context.loaders);
  return payload;
}

builder.mutationField('createPartnerApp', (t) =>
  t.field({
    type: PartnerAppPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CreatePartnerAppInput }) },
    resolve: (_root, { input }, context) =>
      manage(context, () => createPartnerApp(context, context.caller, signedIn(context), input)),
  }),
);

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: ApiKeyPayload,
    authScopes: managers,
    args: { input: t.arg({ type: CreateApiKeyInput }) },
    resolve: (_root, { input }, context) =>
      manage(context, () => createApiKey(context, context.caller, input)),
  }),
);

builder.mutationField('rotateApiKey', (t) =>
  t.field({
    type: ApiKeyPayload,
    authScopes: managers,
    args: { input: t.arg({ type: RotateApiKeyInput }) },
    resolve: (_root, { input }, context) =>
      manage(context, () => rotateApiKey(context, context.caller, input)),
  }),
);

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    type: ApiKeyPayload,
    authScopes: managers,
    args: { input: t.arg({ type: RevokeApiKeyInput }) },
    resolve: (_root, { input }, context) =>
      manage(context, () => revokeApiKey(context, context.caller, input)),
  }),
);
