import { pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { counted } from './counted-page.ts';
import { PostConnection, User } from './refs.ts';

builder.objectField(User, 'posts', (t) =>
  t.field({
    type: PostConnection,
    nullable: true,
    description: 'What this person has written, the newest first, without comments.',
    args: {
      first: t.arg.int({ required: false, defaultValue: 20 }),
      after: t.arg.string({ required: false }),
    },
    resolve: async (user, args, { loaders }) => {
      if (user.id.includes('\0')) return null;
      const page = await loaders.postsOfAuthor.load({ parent: user.id, ...pageArgs(args) });
      return counted(page, () => loaders.postTotal.author.load(user.id));
    },
  }),
);
