import { settle, type Payload } from '@banyan/kit/graphql';
import { builder, UsersUserError } from '../builder.ts';
import { refreshSession } from '../domain/refresh-session.ts';
import { requestSignInCode } from '../domain/request-sign-in-code.ts';
import type { Session } from '../domain/session.ts';
import { signIn } from '../domain/sign-in.ts';
import { Viewer } from './viewer.ts';

const RequestSignInCodePayload = builder
  .objectRef<Payload<{ sentTo: string; retryAfterSeconds: number }>>('RequestSignInCodePayload')
  .implement({
    fields: (t) => ({
      sentTo: t.exposeString('sentTo', { nullable: true }),
      retryAfterSeconds: t.exposeInt('retryAfterSeconds', { nullable: true }),
      userErrors: t.expose('userErrors', { type: [UsersUserError] }),
    }),
  });

const SignInPayload = builder.objectRef<Payload<Session>>('SignInPayload').implement({
  fields: (t) => ({
    accessToken: t.exposeString('accessToken', { nullable: true }),
    refreshToken: t.exposeString('refreshToken', { nullable: true }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the access token ends.',
    }),
    viewer: t.expose('viewer', { type: Viewer, nullable: true }),
    userErrors: t.expose('userErrors', { type: [UsersUserError] }),
  }),
});

const RequestSignInCodeInput = builder.inputType('RequestSignInCodeInput', {
  fields: (t) => ({ phone: t.string() }),
});
const SignInInput = builder.inputType('SignInInput', {
  fields: (t) => ({ phone: t.string(), code: t.string(), deviceName: t.string() }),
});
const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  fields: (t) => ({ refreshToken: t.string() }),
});

builder.mutationField('requestSignInCode', (t) =>
  t.field({
    type: RequestSignInCodePayload,
    directives: { cost: { weight: 50 } },
    args: { input: t.arg({ type: RequestSignInCodeInput }) },
    resolve: (_root, { input }, context) =>
      settle(context, () => requestSignInCode(context, context.network, input)),
  }),
);

builder.mutationField('signIn', (t) =>
  t.field({
    type: SignInPayload,
    args: { input: t.arg({ type: SignInInput }) },
    resolve: (_root, { input }, context) => settle(context, () => signIn(context, context, input)),
  }),
);

builder.mutationField('refreshSession', (t) =>
  t.field({
    type: SignInPayload,
    args: { input: t.arg({ type: RefreshSessionInput }) },
    resolve: (_root, { input }, context) => settle(context, () => refreshSession(context, input)),
  }),
);
