import type { EventHandler } from '@banyan/kit/events';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { saveKnownStation } from '../db/stations.ts';

const stationCreated = z.object({ stationId: z.string(), instructorUserId: z.string() });

/** What courses tells: which stations there are, and whose. */
export const coursesHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'station.created': async (trx, { payload }) => {
    const { stationId, instructorUserId } = stationCreated.parse(payload);
    await saveKnownStation(trx, { id: stationId, instructor_user_id: instructorUserId });
  },
};
