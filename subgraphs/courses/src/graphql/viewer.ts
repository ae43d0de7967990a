import { ownOnly, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { findEnrolmentPage } from '../db/enrolments.ts';
import { EnrolmentStateEnum } from './enrolment.ts';
import { EnrolmentConnection, Instructor } from './refs.ts';

builder
  .externalRef('Viewer', builder.selection<{ id: string }>('id'), ({ id }, context) =>
    ownOnly(context, id, { id }),
  )
  .implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      enrolments: t.field({
        type: EnrolmentConnection,
        nullable: true,
        description: 'The newest first.',
        args: {
          state: t.arg({ type: EnrolmentStateEnum, required: false }),
          first: t.arg.int({ required: false, defaultValue: 20 }),
          after: t.arg.string({ required: false }),
        },
        resolve: (viewer, { state, ...args }, { db }) =>
          findEnrolmentPage(db, { userId: viewer.id, state: state ?? null }, pageArgs(args)),
      }),
      instructor: t.field({
        type: Instructor,
        nullable: true,
        resolve: (viewer, _args, { loaders }) => loaders.instructorOfUser.load(viewer.id),
      }),
    }),
  });
