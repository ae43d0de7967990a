import { describeConformance } from '@banyan/kit/testing';
import { startInsurance } from './support.ts';

describeConformance('insurance', startInsurance);
