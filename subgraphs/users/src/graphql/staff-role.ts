import { staffRoles } from '@banyan/vocabulary';
import { builder } from '../builder.ts';
import { Viewer } from './viewer.ts';

const StaffRoleEnum = builder.enumType('StaffRole', { values: staffRoles });

builder.objectField(Viewer, 'staffRoles', (t) =>
  t.field({
    type: [StaffRoleEnum],
    resolve: async ({ id }, _args, { loaders }) =>
      (await loaders.staffRoles.load(id)).map(({ role }) => role),
  }),
);
