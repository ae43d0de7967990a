import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { revokeDeviceOf } from '../db/devices.ts';

const inputShape = z.object({ deviceId: typeId('dev') });

/** Signs one of the person's own devices out: its refresh tokens are worth nothing from now on. */
export async function revokeDevice(
  { db, now }: Services,
  personId: string,
  input: unknown,
): Promise<{ viewer: { id: string } }> {
  const { deviceId } = parseInput(inputShape, input);
  if (!(await revokeDeviceOf(db, personId, deviceId, now()))) {
    throw refuse('NOT_FOUND', { en: 'You have no such device.', zh: '没有这台设备。' }, [
      'input',
      'deviceId',
    ]);
  }
  return { viewer: { id: personId } };
}
