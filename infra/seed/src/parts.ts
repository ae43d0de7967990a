import { counts } from './counts.ts';
import { personas } from './personas.ts';

/**
 * Which numbers play which part. Each part has its own block of people, so that nobody reviews, runs and receives the
 * same thing.
 */
const firstInstructor = 100;
const firstOwner = 150;
const firstHelpOrganiser = 200;
const firstProjectOrganiser = 430;
const firstCircleOperator = 500;
const firstRelative = 1000;

/** Families of organisers: organiser 200 + k has a relative, person 1000 + k. */
export const familyCount = 220;
/** Organisers of dreams and products: people 431 to 470. */
const projectOrganiserCount = 40;
/** People who run circles: people 501 to 570. */
const circleOperatorCount = 70;

export const instructorUser = (instructor: number): number =>
  instructor === 1 ? personas.instructor.number : firstInstructor + instructor;

export const helpOrganiser = (family: number): number => firstHelpOrganiser + family;
export const relativeOfOrganiser = (family: number): number => firstRelative + family;
/** The family whose relative a person is, if any. */
export function familyOfRelative(person: number): number | undefined {
  const family = person - firstRelative;
  return family >= 1 && family <= familyCount ? family : undefined;
}

export const projectOrganiser = (index: number): number =>
  firstProjectOrganiser + 1 + (index % projectOrganiserCount);

export const circleOperatorUser = (index: number): number =>
  firstCircleOperator + 1 + (index % circleOperatorCount);

const ownersByName: Partial<Record<number, number>> = {
  1: personas.charityOwner.number,
  9: personas.hospitalOwner.number,
  17: personas.insurerOwner.number,
  21: personas.merchantOwner.number,
  29: personas.partnerDeveloper.number,
};
export const organisationOwner = (organisation: number): number =>
  ownersByName[organisation] ?? firstOwner + organisation;

/** Whether a person plays a part that needs a verified name. */
export function hasPart(person: number): boolean {
  return (
    person <= 20 ||
    (person > firstInstructor && person <= firstInstructor + counts.instructors) ||
    (person > firstOwner && person <= firstOwner + counts.organisations) ||
    (person > firstHelpOrganiser && person <= firstHelpOrganiser + familyCount) ||
    (person > firstProjectOrganiser && person <= firstProjectOrganiser + projectOrganiserCount) ||
    (person > firstCircleOperator && person <= firstCircleOperator + circleOperatorCount) ||
    familyOfRelative(person) !== undefined
  );
}
