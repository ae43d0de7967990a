import type { Limiter } from '@banyan/kit/cache';
import type { OperationContext } from '@banyan/kit/graphql';
import type { Kysely } from 'kysely';
import type { Database } from './db/database.ts';
import type { Loaders } from './loaders.ts';

/** What actions use beside the operation itself; made once, in `app.ts`. */
export interface Services {
  readonly db: Kysely<Database>;
  readonly limits: {
    /** Circles that one person founds. */
    readonly circles: Limiter;
    /** Posts and comments of one person. */
    readonly posts: Limiter;
    /** Comings of one person, whatever the circle: who comes and goes all day tells everybody each time. */
    readonly joins: Limiter;
  };
}

/** What a resolver gets. */
export interface Context extends OperationContext, Services {
  readonly loaders: Loaders;
}
