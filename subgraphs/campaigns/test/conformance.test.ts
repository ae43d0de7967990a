import { describeConformance } from '@banyan/kit/testing';
import { startCampaigns } from './support.ts';

describeConformance('campaigns', startCampaigns);
