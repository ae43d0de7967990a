import { toSubgraphSchema } from '@banyan/kit/graphql';
import { builder } from './builder.ts';
import './graphql/audit-entry.ts';
import './graphql/consent.ts';
import './graphql/customer-service.ts';
import './graphql/device.ts';
import './graphql/notification.ts';
import './graphql/organisation.ts';
import './graphql/organisation-membership.ts';
import './graphql/portrait.ts';
import './graphql/real-name.ts';
import './graphql/relative.ts';
import './graphql/session.ts';
import './graphql/staff-role.ts';
import './graphql/trust.ts';
import './graphql/user.ts';
import './graphql/viewer.ts';

export const schema = toSubgraphSchema(builder);
