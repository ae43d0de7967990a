import { settle, signedIn, type Payload } from '@banyan/kit/graphql';
import { builder, UsersUserError } from '../builder.ts';
import type { PersonRow } from '../db/people.ts';
import { lookAtPerson } from '../domain/look-at-person.ts';
import { revealField } from '../domain/reveal-field.ts';
import { maskedNameOf, realNameOf, RealNameStatusType } from './real-name.ts';
import { User } from './user.ts';
import { MaskedString } from './viewer.ts';

const PersonForService = builder.objectRef<PersonRow>('PersonForService').implement({
  description: 'A person as staff see them: masked, and each look leaves an audit row.',
  authScopes: { role: 'CUSTOMER_SERVICE' },
  fields: (t) => ({
    id: t.exposeID('id'),
    user: t.field({ type: User, resolve: (person) => person }),
    phone: t.field({
      type: MaskedString,
      nullable: true,
      resolve: (person) => ({ masked: person.phone_masked }),
    }),
    legalName: t.field({
      type: MaskedString,
      nullable: true,
      resolve: (person, _args, context) => maskedNameOf(person.id, context),
    }),
    realName: t.field({
      type: RealNameStatusType,
      resolve: (person, _args, context) => realNameOf(person.id, context),
    }),
  }),
});

builder.queryField('personForService', (t) =>
  t.field({
    type: PersonForService,
    directives: { cost: { weight: 20 } },
    nullable: true,
    authScopes: { role: 'CUSTOMER_SERVICE' },
    args: {
      phone: t.arg.string({ required: false }),
      id: t.arg.id({ required: false }),
      reason: t.arg.string(),
    },
    resolve: (_root, args, context) => lookAtPerson(context, signedIn(context), args),
  }),
);

const RevealFieldPayload = builder.objectRef<Payload<{ clear: string }>>('RevealFieldPayload').implement({
  fields: (t) => ({
    clear: t.exposeString('clear', { nullable: true }),
    userErrors: t.expose('userErrors', { type: [UsersUserError] }),
  }),
});

const RevealFieldInput = builder.inputType('RevealFieldInput', {
  fields: (t) => ({
    subjectId: t.id(),
    field: t.string({ description: '`phone`, `legalName` or `idNumber`.' }),
    reason: t.string(),
  }),
});

builder.mutationField('revealField', (t) =>
  t.field({
    type: RevealFieldPayload,
    directives: { cost: { weight: 50 } },
    authScopes: { role: 'CUSTOMER_SERVICE' },
    args: { input: t.arg({ type: RevealFieldInput }) },
    resolve: (_root, { input }, context) =>
      settle(context, () => revealField(context, signedIn(context), input)),
  }),
);
