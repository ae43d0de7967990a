import { defineConnection } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { Campaign } from './campaign.ts';

export const CampaignConnection = defineConnection(builder, 'Campaign', Campaign);
