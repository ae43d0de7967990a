import type { EventTables } from '@banyan/kit/events';
import type { DevicesTable, RefreshTokensTable } from './devices.ts';
import type { PeopleTable, StaffRolesTable } from './people.ts';
import type { SignInCodesTable } from './sign-in-codes.ts';

/** Tables of this subgraph, beside those of its events. */
export interface Database extends EventTables {
  people: PeopleTable;
  staff_roles: StaffRolesTable;
  sign_in_codes: SignInCodesTable;
  devices: DevicesTable;
  refresh_tokens: RefreshTokensTable;
}
