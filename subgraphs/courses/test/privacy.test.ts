import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { newPerson, startCourses } from './support.ts';

const learner = newPerson();
const courses = await sharedByTests(startCourses());
const teacher = await courses.addTeacher();
const courseId = await courses.addCourse(teacher);
const { enrolment } = await courses.act<{ enrolment: { id: string } }>(
  'enrol',
  { courseId, idempotencyKey: 'k' },
  learner,
  'enrolment { id }',
);

const entities = /* GraphQL */ `
  query ($r: [_Any!]!) {
    _entities(representations: $r) {
      ... on Viewer {
        enrolments(state: ENROLLED) {
          nodes {
            course {
              id
            }
          }
        }
        instructor {
          id
        }
      }
      ... on Enrolment {
        state
      }
    }
  }
`;

test('what a person learns is that person’s own', async () => {
  const r = [{ __typename: 'Viewer', id: learner.id }];
  const own = await courses.ask(entities, { r }, learner);
  expect(own).toEqual({
    data: { _entities: [{ enrolments: { nodes: [{ course: { id: courseId } }] }, instructor: null }] },
  });
  const stranger = await courses.ask(entities, { r });
  const other = await courses.ask(entities, { r }, { ...teacher, roles: ['MODERATOR'] });
  expect([stranger.data, other.data]).toEqual([{ _entities: [null] }, { _entities: [null] }]);
  expect(stranger.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(other.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('an enrolment is shown to its learner alone, also by its id', async () => {
  const r = [{ __typename: 'Enrolment', id: enrolment.id }];
  expect((await courses.ask(entities, { r }, learner)).data).toEqual({ _entities: [{ state: 'ENROLLED' }] });
  expect((await courses.ask(entities, { r }, teacher)).data).toEqual({ _entities: [null] });
  expect((await courses.ask(entities, { r })).data).toEqual({ _entities: [null] });
  const look = 'query ($id: ID!) { course(id: $id) { myEnrolment { id } } }';
  expect((await courses.ask(look, { id: courseId }, teacher)).data).toEqual({
    course: { myEnrolment: null },
  });
});

test('an instructor finds the own page by the viewer', async () => {
  const r = [{ __typename: 'Viewer', id: teacher.id }];
  expect((await courses.ask(entities, { r }, teacher)).data).toMatchObject({
    _entities: [{ instructor: { id: teacher.instructorId } }],
  });
});
