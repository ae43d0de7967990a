import { builder } from '../builder.ts';
import type { DeviceRow } from '../db/devices.ts';
import { revokeDevice } from '../domain/revoke-device.ts';
import { mutate } from './mutate.ts';
import { Viewer, ViewerPayload } from './viewer.ts';

const Device = builder.objectRef<DeviceRow>('Device').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    lastSeenAt: t.expose('last_seen_at', { type: 'DateTime' }),
  }),
});

builder.objectField(Viewer, 'devices', (t) =>
  t.field({
    type: [Device],
    directives: { listSize: { assumedSize: 10 } },
    resolve: async (viewer, _args, { loaders }) => [...(await loaders.devices.load(viewer.id))],
  }),
);

const RevokeDeviceInput = builder.inputType('RevokeDeviceInput', { fields: (t) => ({ deviceId: t.id() }) });

builder.mutationField('revokeDevice', (t) =>
  t.field({
    type: ViewerPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: RevokeDeviceInput }) },
    resolve: (_root, { input }, context) => mutate(context, revokeDevice, input),
  }),
);
