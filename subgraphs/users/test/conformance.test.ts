import { describeConformance } from '@banyan/kit/testing';
import { startUsers } from './support.ts';

describeConformance('users', startUsers);
