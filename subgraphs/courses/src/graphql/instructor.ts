import { pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { counted } from './counted-page.ts';
import { CourseConnection, CraftEnum, Instructor, User } from './refs.ts';

Instructor.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    user: t.field({ type: User, nullable: true, resolve: (instructor) => ({ id: instructor.user_id }) }),
    bio: t.exposeString('bio'),
    crafts: t.field({ type: [CraftEnum], resolve: (instructor) => instructor.crafts }),
    verifiedAt: t.expose('verified_at', { type: 'DateTime', nullable: true }),
    learnerCount: t.field({
      type: 'BigInt',
      description: 'Different people who are enrolled in the courses.',
      resolve: async (instructor, _args, { loaders }) =>
        (await loaders.learners.load(instructor.id))?.learners ?? 0n,
    }),
    courses: t.field({
      type: CourseConnection,
      description: 'The newest first; drafts are shown to the instructor alone.',
      args: {
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: async (instructor, args, { loaders }) =>
        counted(await loaders.coursesOfInstructor.load({ parent: instructor.id, ...pageArgs(args) }), () =>
          loaders.courseTotal.load(instructor.id),
        ),
    }),
  }),
});

builder.asEntity(Instructor, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loaders.instructor.load(id),
});
