import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockCircle, type CircleRow } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import { countStationLinks, deleteStationLink, findKnownStation, saveStationLink } from '../db/stations.ts';
import { circleActedFor } from './acting-for.ts';

/** Stations that a circle may show. */
export const maxStations = 10n;

const inputShape = z.object({
  circleId: typeId('cir'),
  stationId: typeId('stn'),
  linked: z.boolean(),
});

/**
 * Links a station to a circle, or takes the link away. Linking takes both sides: the station's instructor does it, as one
 * of the circle's team; so nobody hangs another's station on a circle. Unlinking takes either.
 */
export async function linkStation(
  { db }: Services,
  userId: string,
  input: unknown,
): Promise<{ circle: CircleRow }> {
  const { circleId, stationId, linked } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const acting = { userId, role: 'MODERATOR', field: 'circleId' } as const;
    const circle = await circleActedFor(trx, circleId, acting);
    const station = await findKnownStation(trx, stationId);
    if (station === undefined) {
      throw refuse('NOT_FOUND', { en: 'There is no such station.', zh: '没有这个驿站。' }, [
        'input',
        'stationId',
      ]);
    }
    const link = { circle_id: circleId, station_id: stationId };
    if (linked) await addLink(trx, link, station.instructor_user_id === userId);
    else await deleteStationLink(trx, link);
    return { circle };
  });
}

async function addLink(
  trx: Transaction<Database>,
  link: { circle_id: string; station_id: string },
  isInstructor: boolean,
): Promise<void> {
  if (!isInstructor) {
    throw refuse(
      'FORBIDDEN',
      {
        en: 'Only its instructor links a station to a circle.',
        zh: '只有驿站的老师本人才能将其关联到圈子。',
      },
      ['input', 'stationId'],
    );
  }
  await lockCircle(trx, link.circle_id);
  await saveStationLink(trx, link);
  if ((await countStationLinks(trx, link.circle_id)) <= maxStations) return;
  throw refuse(
    'INVALID_INPUT',
    { en: `A circle has at most ${maxStations} stations.`, zh: `每个圈子最多关联 ${maxStations} 个驿站。` },
    ['input', 'stationId'],
  );
}
