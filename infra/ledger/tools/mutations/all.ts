import { ofCommitter } from './committer.ts';
import { ofGifts } from './gifts.ts';
import type { Mutation } from './mutation.ts';
import { ofDatabase } from './sql.ts';

/** The points of the write path, what keeps each, and the test that fails without it; `mutants.ts` goes through them. */
export const mutations: readonly Mutation[] = [...ofCommitter, ...ofDatabase, ...ofGifts].toSorted(
  (left, right) => left.point - right.point,
);
