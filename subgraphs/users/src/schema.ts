import { toSubgraphSchema } from '@banyan/kit/graphql';
import { builder } from './builder.ts';
import './graphql/device.ts';
import './graphql/session.ts';
import './graphql/user.ts';
import './graphql/viewer.ts';

export const schema = toSubgraphSchema(builder);
