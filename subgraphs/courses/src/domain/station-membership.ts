import { inTransaction } from '@banyan/kit/database';
import { parseInput, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { addMembers, deleteMember, findStations, insertMember } from '../db/stations.ts';
import { noStation } from './refusals.ts';

const inputShape = z.object({ stationId: typeId('stn') });

/** Becomes a member; to join twice changes nothing. */
export async function joinStation(
  { db, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ stationId: string }> {
  const { stationId } = parseInput(inputShape, input);
  await inTransaction(db, async (trx) => {
    const [station] = await findStations(trx, [stationId]);
    if (station === undefined) throw noStation();
    const joined = await insertMember(trx, {
      station_id: stationId,
      user_id: callerId,
      joined_at: now(),
    });
    if (joined) await addMembers(trx, stationId, 1n);
  });
  return { stationId };
}

/** Is no member any more; to leave twice changes nothing. */
export async function leaveStation(
  { db }: Services,
  callerId: string,
  input: unknown,
): Promise<{ stationId: string }> {
  const { stationId } = parseInput(inputShape, input);
  await inTransaction(db, async (trx) => {
    const [station] = await findStations(trx, [stationId]);
    if (station === undefined) throw noStation();
    if (await deleteMember(trx, stationId, callerId)) await addMembers(trx, stationId, -1n);
  });
  return { stationId };
}
