import { builder } from '../builder.ts';

/** Arguments of every list that can grow. */
export const pageArguments = builder.args((t) => ({
  first: t.int({ required: false, defaultValue: 20 }),
  after: t.string({ required: false }),
}));
