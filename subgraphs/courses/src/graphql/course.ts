import { pageArgs, type Payload } from '@banyan/kit/graphql';
import { builder, CoursesUserError } from '../builder.ts';
import { countCatalogue, courseStates, findCatalogue } from '../db/courses.ts';
import { mayBeSeenBy } from '../domain/course-states.ts';
import { createCourse } from '../domain/create-course.ts';
import { catalogueFilter } from '../domain/catalogue-filter.ts';
import { updateCourse } from '../domain/update-course.ts';
import type { Context } from '../context.ts';
import { change } from './change.ts';
import { counted, totalOf } from './counted-page.ts';
import { existing } from './existing.ts';
import {
  Course,
  CourseConnection,
  CraftEnum,
  Enrolment,
  Instructor,
  LiveSessionConnection,
  Station,
} from './refs.ts';

const CourseStateEnum = builder.enumType('CourseState', { values: courseStates });

Course.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    title: t.exposeString('title'),
    summary: t.exposeString('summary'),
    craft: t.expose('craft', { type: CraftEnum }),
    state: t.expose('state', { type: CourseStateEnum }),
    capacity: t.int({
      nullable: true,
      description: 'Null: as many as come.',
      resolve: (course) => (course.capacity === null ? null : Number(course.capacity)),
    }),
    enrolledCount: t.expose('enrolled_count', { type: 'BigInt' }),
    instructor: t.field({
      type: Instructor,
      resolve: (course, _args, { loaders }) => existing(loaders.instructor.load(course.instructor_id)),
    }),
    station: t.field({
      type: Station,
      resolve: (course, _args, { loaders }) =>
        existing(loaders.stationOfInstructor.load(course.instructor_id)),
    }),
    sessions: t.field({
      type: LiveSessionConnection,
      args: {
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: (course, args, { loaders }) =>
        loaders.sessionsOfCourse.load({ parent: course.id, ...pageArgs(args) }),
    }),
    myEnrolment: t.field({
      type: Enrolment,
      nullable: true,
      description: 'The viewer’s own, null for others.',
      resolve: (course, _args, { loaders }) => loaders.ownEnrolment.load(course.id),
    }),
  }),
});

async function visibleCourse(id: string, { loaders, caller }: Context) {
  const course = await loaders.course.load(id);
  return course !== null && mayBeSeenBy(course, caller.subject) ? course : null;
}

builder.asEntity(Course, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => visibleCourse(id, context),
});

builder.objectField(CourseConnection, 'totalCount', (t) =>
  t.field({ type: 'BigInt', nullable: true, resolve: totalOf }),
);

builder.queryFields((t) => ({
  course: t.field({
    type: Course,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, context) => visibleCourse(id, context),
  }),
  courses: t.field({
    type: CourseConnection,
    description: 'The catalogue. With a search, what has the words in its title comes first.',
    args: {
      search: t.arg.string({ required: false, directives: { cost: { weight: 10 } } }),
      craft: t.arg({ type: CraftEnum, required: false }),
      startsBefore: t.arg({ type: 'DateTime', required: false }),
      first: t.arg.int({ required: false, defaultValue: 20 }),
      after: t.arg.string({ required: false }),
    },
    resolve: async (_root, args, { db }) => {
      const filter = catalogueFilter(args);
      return counted(await findCatalogue(db, filter, pageArgs(args)), () => countCatalogue(db, filter));
    },
  }),
}));

const CoursePayload = builder.objectRef<Payload<{ courseId: string }>>('CoursePayload').implement({
  fields: (t) => ({
    course: t.field({
      type: Course,
      nullable: true,
      resolve: ({ courseId }, _args, { loaders }) =>
        courseId === undefined ? null : loaders.course.load(courseId),
    }),
    userErrors: t.expose('userErrors', { type: [CoursesUserError] }),
  }),
});

const CreateCourseInput = builder.inputType('CreateCourseInput', {
  fields: (t) => ({
    title: t.string(),
    summary: t.string(),
    craft: t.field({ type: CraftEnum }),
    capacity: t.int({ required: false }),
    idempotencyKey: t.string(),
  }),
});
const UpdateCourseInput = builder.inputType('UpdateCourseInput', {
  fields: (t) => ({
    courseId: t.id(),
    title: t.string({ required: false }),
    summary: t.string({ required: false }),
    capacity: t.int({ required: false }),
    state: t.field({ type: CourseStateEnum, required: false }),
  }),
});

builder.mutationFields((t) => ({
  createCourse: t.field({
    type: CoursePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CreateCourseInput }) },
    resolve: (_root, { input }, context) => change(context, createCourse, input),
  }),
  updateCourse: t.field({
    type: CoursePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: UpdateCourseInput }) },
    resolve: (_root, { input }, context) => change(context, updateCourse, input),
  }),
}));
