import type { Limiter } from '@banyan/kit/cache';
import type { OperationContext } from '@banyan/kit/graphql';
import type { Kysely } from 'kysely';
import type { Database } from './db/database.ts';
import type { LiveChanges } from './domain/live-changes.ts';
import type { HotSearchCopies } from './domain/read-hot-search.ts';
import type { Loaders } from './loaders.ts';

/** What actions use beside the operation itself; made once, in `app.ts`. */
export interface Services {
  readonly db: Kysely<Database>;
  /** The time of actions and of what is shown relative to it. */
  readonly now: () => Date;
  readonly limits: {
    /** Posts and comments of one person. */
    readonly posts: Limiter;
    /** Enrolments and raised hands of one person: who comes and goes all day tells everybody each time. */
    readonly comings: Limiter;
  };
  /** Shared copies of the hot search; a help that may be missing. */
  readonly hotSearchCopies: HotSearchCopies;
  /** Tells subscribers of changes. */
  readonly changes: LiveChanges;
}

/** What a resolver gets. */
export interface Context extends OperationContext, Services {
  /** Made anew after each mutation of the operation, so that its payload shows what it wrote. */
  loaders: Loaders;
}
