import { toSubgraphSchema } from '@banyan/kit/graphql';
import { builder } from './builder.ts';
import './graphql/backing.ts';
import './graphql/campaign.ts';
import './graphql/circle.ts';
import './graphql/circle-application.ts';
import './graphql/circle-link.ts';
import './graphql/circle-member.ts';
import './graphql/circle-membership.ts';
import './graphql/circle-operator.ts';
import './graphql/circle-post.ts';
import './graphql/moderation-entry.ts';
import './graphql/organisation.ts';
import './graphql/station.ts';
import './graphql/user.ts';
import './graphql/viewer.ts';

export const schema = toSubgraphSchema(builder);
