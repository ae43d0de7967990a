import { describeConformance } from '@banyan/kit/testing';
import { startCourses } from './support.ts';

describeConformance('courses', startCourses);
