import type { OperationContext } from '@banyan/kit/graphql';
import type { Kysely } from 'kysely';
import type { Database } from './db/database.ts';
import type { AccessTokens } from './domain/access-tokens.ts';
import type { FieldCipher } from './domain/field-cipher.ts';
import type { Limits } from './limits.ts';
import type { Loaders } from './loaders.ts';
import type { EkycProvider } from './providers/ekyc.ts';
import type { SmsProvider } from './providers/sms.ts';

/** What actions use beside the operation itself; made once, in `app.ts`. */
export interface Services {
  readonly db: Kysely<Database>;
  readonly accessTokens: AccessTokens;
  readonly cipher: FieldCipher;
  readonly limits: Limits;
  readonly sms: SmsProvider;
  readonly ekyc: EkycProvider;
  /** How soon an open check of a name is looked at; ever more seldom afterwards. */
  readonly realNameLookMs: number;
  readonly now: () => Date;
}

/** What a resolver gets. */
export interface Context extends OperationContext, Services {
  readonly loaders: Loaders;
}
