import { ageBands } from '@banyan/vocabulary';
import { builder } from '../builder.ts';

export const AgeBandEnum = builder.enumType('AgeBand', { values: ageBands });
