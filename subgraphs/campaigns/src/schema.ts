import { toSubgraphSchema } from '@banyan/kit/graphql';
import { builder } from './builder.ts';
import './graphql/campaign-list.ts';
import './graphql/campaign-mutations.ts';
import './graphql/campaign.ts';
import './graphql/donate.ts';
import './graphql/donation.ts';
import './graphql/organisation.ts';
import './graphql/public-donation.ts';
import './graphql/review.ts';
import './graphql/totals.ts';
import './graphql/totals-changed.ts';
import './graphql/user.ts';
import './graphql/viewer.ts';

export const schema = toSubgraphSchema(builder);
