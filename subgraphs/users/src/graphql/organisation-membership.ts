import { defineConnection, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { OrganisationMemberRow } from '../db/organisation-members.ts';
import { setOrganisationMember } from '../domain/set-organisation-member.ts';
import { organisationRoles } from '../domain/words.ts';
import { existing } from './existing.ts';
import { mutate } from './mutate.ts';
import { Organisation, OrganisationPayload } from './organisation.ts';
import { pageArguments } from './page-arguments.ts';
import { User } from './user.ts';
import { Viewer } from './viewer.ts';

const OrganisationRoleEnum = builder.enumType('OrganisationRole', { values: organisationRoles });

const OrganisationMembership = builder.objectRef<OrganisationMemberRow>('OrganisationMembership').implement({
  fields: (t) => ({
    organisation: t.field({
      type: Organisation,
      resolve: async (member, _args, { loaders }) =>
        existing(await loaders.organisation.load(member.organisation_id)),
    }),
    user: t.field({
      type: User,
      nullable: true,
      resolve: (member, _args, { loaders }) => loaders.person.load(member.person_id),
    }),
    role: t.expose('role', { type: OrganisationRoleEnum }),
  }),
});
const OrganisationMembershipConnection = defineConnection(
  builder,
  'OrganisationMembership',
  OrganisationMembership,
);

/** Who works for an organisation is for those who do, and for the staff who look into it. */
async function maySeeMembers(organisationId: string, { caller, loaders }: Context): Promise<boolean> {
  if (caller.roles.has('REVIEWER') || caller.roles.has('CUSTOMER_SERVICE')) return true;
  return caller.subject !== null && (await loaders.ownMembership.load(organisationId)) !== null;
}

builder.objectField(Organisation, 'members', (t) =>
  t.field({
    type: OrganisationMembershipConnection,
    nullable: true,
    description: 'To members and staff.',
    authScopes: (organisation, _args, context) => maySeeMembers(organisation.id, context),
    args: pageArguments,
    resolve: (organisation, page, { loaders }) =>
      loaders.members.load({ parent: organisation.id, ...pageArgs(page) }),
  }),
);

builder.objectField(Viewer, 'organisations', (t) =>
  t.field({
    type: [OrganisationMembership],
    directives: { listSize: { assumedSize: 10 } },
    resolve: async ({ id }, _args, { loaders }) => [...(await loaders.memberships.load(id))],
  }),
);

const SetOrganisationMemberInput = builder.inputType('SetOrganisationMemberInput', {
  fields: (t) => ({
    organisationId: t.id(),
    userId: t.id(),
    role: t.field({
      type: OrganisationRoleEnum,
      required: false,
      description: 'Null takes the person out.',
    }),
  }),
});

builder.mutationField('setOrganisationMember', (t) =>
  t.field({
    type: OrganisationPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SetOrganisationMemberInput }) },
    resolve: (_root, { input }, context) => mutate(context, setOrganisationMember, input),
  }),
);
