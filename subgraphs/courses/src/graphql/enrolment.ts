import type { Payload } from '@banyan/kit/graphql';
import { builder, CoursesUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import { enrolmentStates } from '../db/enrolments.ts';
import { enrol } from '../domain/enrol.ts';
import { leaveCourse } from '../domain/leave-course.ts';
import { change } from './change.ts';
import { existing } from './existing.ts';
import { Course, Enrolment } from './refs.ts';

export const EnrolmentStateEnum = builder.enumType('EnrolmentState', { values: enrolmentStates });

Enrolment.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    course: t.field({
      type: Course,
      resolve: (enrolment, _args, { loaders }) => existing(loaders.course.load(enrolment.course_id)),
    }),
    state: t.expose('state', { type: EnrolmentStateEnum }),
    waitlistPlace: t.int({
      nullable: true,
      description: 'Place in the waitlist, the first is 1; null for who does not wait.',
      resolve: async (enrolment, _args, { loaders }) => {
        if (enrolment.state !== 'WAITLISTED') return null;
        const waiting = await loaders.waitlistPlace.load(enrolment.id);
        return waiting === null ? null : Number(waiting.place);
      },
    }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});

/** An enrolment is its learner's own. */
async function ownEnrolment(id: string, { loaders, caller }: Context) {
  const enrolment = await loaders.enrolment.load(id);
  return enrolment !== null && enrolment.user_id === caller.subject ? enrolment : null;
}

builder.asEntity(Enrolment, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => ownEnrolment(id, context),
});

const EnrolPayload = builder.objectRef<Payload<{ enrolmentId: string }>>('EnrolPayload').implement({
  fields: (t) => ({
    enrolment: t.field({
      type: Enrolment,
      nullable: true,
      resolve: ({ enrolmentId }, _args, { loaders }) =>
        enrolmentId === undefined ? null : loaders.enrolment.load(enrolmentId),
    }),
    userErrors: t.expose('userErrors', { type: [CoursesUserError] }),
  }),
});

const EnrolInput = builder.inputType('EnrolInput', {
  fields: (t) => ({ courseId: t.id(), idempotencyKey: t.string() }),
});
const LeaveCourseInput = builder.inputType('LeaveCourseInput', { fields: (t) => ({ courseId: t.id() }) });

builder.mutationFields((t) => ({
  enrol: t.field({
    type: EnrolPayload,
    description: 'A seat, or a place in the waitlist.',
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: EnrolInput }) },
    resolve: (_root, { input }, context) => change(context, enrol, input),
  }),
  leaveCourse: t.field({
    type: EnrolPayload,
    description: 'Gives a seat back to the first who waits.',
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: LeaveCourseInput }) },
    resolve: (_root, { input }, context) => change(context, leaveCourse, input),
  }),
}));
