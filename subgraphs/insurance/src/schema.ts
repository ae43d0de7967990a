import { toSubgraphSchema } from '@banyan/kit/graphql';
import { builder } from './builder.ts';
import './graphql/aid-membership.ts';
import './graphql/campaign.ts';
import './graphql/insurance-product.ts';
import './graphql/mutual-aid-plan.ts';
import './graphql/policy.ts';
import './graphql/quote.ts';
import './graphql/viewer.ts';

export const schema = toSubgraphSchema(builder);
