import { realNameLevels, trustBands } from '@banyan/vocabulary';
import { builder } from '../builder.ts';
import type { PersonRow } from '../db/people.ts';

export const RealNameLevelEnum = builder.enumType('RealNameLevel', { values: realNameLevels });
export const TrustBandEnum = builder.enumType('TrustBand', { values: trustBands });

export const User = builder.objectRef<PersonRow>('User');

User.implement({
  description: 'What anybody may see of a person. Everything private hangs on Viewer.',
  fields: (t) => ({
    id: t.exposeID('id'),
    displayName: t.exposeString('display_name'),
    socialTitle: t.exposeString('social_title', {
      nullable: true,
      description: 'How this person likes to be addressed.',
    }),
    avatarUrl: t.exposeString('avatar_url', { nullable: true }),
    joinedAt: t.expose('joined_at', { type: 'DateTime' }),
    realNameLevel: t.expose('real_name_level', { type: RealNameLevelEnum, nullable: true }),
    trustBand: t.expose('trust_band', { type: TrustBandEnum, nullable: true }),
  }),
});

builder.asEntity(User, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loaders.person.load(id),
});

builder.queryField('user', (t) =>
  t.field({
    type: User,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, { loaders }) => loaders.person.load(id),
  }),
);
