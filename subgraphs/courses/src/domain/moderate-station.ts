import { parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { findStations, putMute, setSlowModeSeconds, type StationRow } from '../db/stations.ts';
import { noStation, onlyInstructor } from './refusals.ts';

const slowModeShape = z.object({
  stationId: typeId('stn'),
  seconds: z
    .int()
    .min(0, 'Not below 0; 0 switches it off. | 不小于 0，0 为关闭。')
    .max(86_400, 'At most a day. | 最长一天。'),
});

const muteShape = z.object({
  stationId: typeId('stn'),
  userId: z
    .string()
    .min(1)
    .max(100)
    .refine((id) => !id.includes('\0'), 'This is not an id. | 编号格式不正确。'),
  until: z.date().nullish(),
  reason: writtenText(200),
});

/** Sets how long a member waits between two posts. */
export async function setSlowMode(
  context: Context,
  callerId: string,
  input: unknown,
): Promise<{ stationId: string }> {
  const { stationId, seconds } = parseInput(slowModeShape, input);
  await requireKeeper(context, callerId, stationId);
  await setSlowModeSeconds(context.db, stationId, seconds);
  return { stationId };
}

/** Takes a member's word away, until a time or for good; a time that has passed gives it back. */
export async function muteInStation(
  context: Context,
  callerId: string,
  input: unknown,
): Promise<{ stationId: string }> {
  const { stationId, userId, until, reason } = parseInput(muteShape, input);
  const station = await requireKeeper(context, callerId, stationId);
  if (userId === station.owner_id) {
    throw refuse('INVALID_INPUT', { en: 'The instructor is never muted.', zh: '不能禁言授课老师。' }, [
      'input',
      'userId',
    ]);
  }
  await putMute(context.db, {
    station_id: stationId,
    user_id: userId,
    until: until ?? null,
    reason,
    muted_by: callerId,
  });
  return { stationId };
}

/** The station, when the caller is its instructor or a moderator. */
async function requireKeeper(context: Context, callerId: string, stationId: string): Promise<StationRow> {
  const [station] = await findStations(context.db, [stationId]);
  if (station === undefined) throw noStation();
  if (station.owner_id !== callerId && !context.caller.roles.has('MODERATOR')) throw onlyInstructor();
  return station;
}
