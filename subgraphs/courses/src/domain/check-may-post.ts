import { refuse } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { findStations, isMuted, lockMembership, setLastPosted } from '../db/stations.ts';
import { noStation } from './refusals.ts';

/** Whether a person may write in a station now, and keeps the time for slow mode. The instructor always may. */
export async function checkMayPost(
  trx: Transaction<Database>,
  { stationId, callerId, at }: { stationId: string; callerId: string; at: Date },
): Promise<void> {
  const [station] = await findStations(trx, [stationId]);
  if (station === undefined) throw noStation();
  if (station.owner_id === callerId) return;
  const member = await lockMembership(trx, stationId, callerId);
  if (member === undefined) {
    throw refuse('FORBIDDEN', { en: 'Join the station first.', zh: '请先加入小站。' }, [
      'input',
      'stationId',
    ]);
  }
  if (await isMuted(trx, stationId, callerId, at)) {
    throw refuse('MUTED', { en: 'You are muted in this station.', zh: '您在该小站已被禁言。' }, [
      'input',
      'stationId',
    ]);
  }
  const waitSeconds = secondsToWait(station.slow_mode_seconds, member.last_posted_at, at);
  if (waitSeconds > 0) {
    throw refuse('SLOW_MODE', {
      en: `This station is in slow mode. Go on in ${waitSeconds} seconds.`,
      zh: `小站已开启慢速模式，请在 ${waitSeconds} 秒后继续。`,
    });
  }
  await setLastPosted(trx, stationId, callerId, at);
}

/** Seconds until a member may post again. */
function secondsToWait(slowModeSeconds: number, lastPostedAt: Date | null, at: Date): number {
  if (slowModeSeconds === 0 || lastPostedAt === null) return 0;
  const leftMs = lastPostedAt.getTime() + slowModeSeconds * 1_000 - at.getTime();
  return Math.max(0, Math.ceil(leftMs / 1_000));
}
