import { insertMany } from '@banyan/kit/database';
import { organisations, personOf, personas, seedId, type SeedDay } from '@banyan/seed';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { NotificationKind, NotificationParams } from '../domain/notification-kinds.ts';

interface SeedNews {
  readonly to: number;
  readonly kind: NotificationKind;
  readonly params: NotificationParams;
  readonly link: string;
  readonly at: Date;
  readonly read: boolean;
}

/** What the named people have been told. What other subgraphs tell comes to them by its own way. */
export async function seedNotifications(db: Kysely<Database>, day: SeedDay): Promise<void> {
  const news = [...ofRelatives(day), ...ofOrganisations(day)];
  await insertMany(
    db,
    'notifications',
    news.map(({ to, kind, params, link, at, read }, index) => ({
      id: seedId('ntf', index + 1),
      person_id: personOf(to).id,
      kind,
      params: JSON.stringify(params),
      link,
      source: null,
      read_at: read ? at : null,
      created_at: at,
    })),
  );
}

function ofRelatives(day: SeedDay): SeedNews[] {
  const link = '/me/relatives';
  const { donor, learner, organiser, relative, circleOperator, instructor } = personas;
  const id = (someone: { number: number }) => personOf(someone.number).id;
  return [
    {
      to: donor.number,
      kind: 'RELATIVE_ASKS',
      params: { userId: id(learner), relation: 'SIBLING' },
      link,
      at: day.at(-1, 16),
      read: false,
    },
    {
      to: instructor.number,
      kind: 'RELATIVE_ASKS',
      params: { userId: id(circleOperator), relation: 'SIBLING' },
      link,
      at: day.at(-1, 16),
      read: false,
    },
    {
      to: organiser.number,
      kind: 'RELATIVE_CONFIRMED',
      params: { userId: id(relative), relation: 'SPOUSE' },
      link,
      at: day.at(-40, 18),
      read: true,
    },
    {
      to: donor.number,
      kind: 'REAL_NAME_VERIFIED',
      params: {},
      link: '/me/real-name',
      at: day.at(-30, 11),
      read: true,
    },
  ];
}

function ofOrganisations(day: SeedDay): SeedNews[] {
  return organisations.map(({ id, owner }) => ({
    to: owner,
    kind: 'ORGANISATION_VERIFIED',
    params: { organisationId: id },
    link: `/organisations/${id}`,
    at: day.at(-370, 15),
    read: true,
  }));
}
