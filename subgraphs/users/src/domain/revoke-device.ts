import { refuse } from '@banyan/kit/graphql';
import type { Services } from '../context.ts';
import { revokeDeviceOf } from '../db/devices.ts';

/** Signs one of the person's own devices out: its refresh tokens are worth nothing from now on. */
export async function revokeDevice(
  { db }: Services,
  personId: string,
  input: { deviceId: string },
): Promise<{ viewer: { id: string } }> {
  if (!(await revokeDeviceOf(db, personId, input.deviceId, new Date()))) {
    throw refuse('NOT_FOUND', { en: 'You have no such device.', zh: '没有这台设备。' }, [
      'input',
      'deviceId',
    ]);
  }
  return { viewer: { id: personId } };
}
