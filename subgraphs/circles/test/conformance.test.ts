import { describeConformance } from '@banyan/kit/testing';
import { startCircles } from './support.ts';

describeConformance('circles', startCircles);
