// What the plugins add to the builder’s type travels with the declarations of this file; an import would be elided there.
/* oxlint-disable typescript/triple-slash-reference */
/// <reference types="@pothos/plugin-directives" preserve="true" />
/// <reference types="@pothos/plugin-federation" preserve="true" />
/// <reference types="@pothos/plugin-scope-auth" preserve="true" />
import SchemaBuilder from '@pothos/core';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { PageInfo } from '../database/keyset-page.ts';
import { isAnonymous } from '../hop/assertion.ts';
import type { OperationContext } from './context.ts';
import { forbidden, unauthenticated } from './errors.ts';
import { pageSizePluginName } from './page-size-plugin.ts';
import { publicCopiesPlugin, type PublicCopies } from './public-copies.ts';
import { bigIntScalar, dateScalar, dateTimeScalar } from './scalars.ts';

/** An amount in the currency's minor unit (fen, cent). */
export interface Money {
  minor: bigint;
  /** ISO 4217 code, one of those the builder was made with. */
  currency: string;
}

/** The types that every subgraph's builder knows. */
export interface BaseSchemaTypes<Context extends OperationContext> {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: true;
  Scalars: {
    ID: { Input: string; Output: string };
    BigInt: { Input: bigint; Output: bigint };
    DateTime: { Input: Date; Output: Date };
    Date: { Input: string; Output: string };
  };
  Objects: { Money: Money; PageInfo: PageInfo };
  Inputs: { MoneyInput: Money };
  AuthScopes: { signedIn: boolean; role: string; appScope: string };
}

/**
 * A Pothos builder with the scalars, `Money`, `PageInfo` and `UserError` that all subgraphs share. Fields are non-null and
 * inputs required unless they say otherwise. Scopes: `signedIn` for people alone, `role` for one of the person's roles,
 * `appScope` for one of the scopes of a partner's app.
 */
export function createBuilder<Context extends OperationContext>(
  currencies: readonly string[],
  options: { publicCopies?: PublicCopies } = {},
) {
  const builder = new SchemaBuilder<BaseSchemaTypes<Context>>({
    // Plugins see a field from the last to the first: what one adds as a directive has to come before Directives does.
    plugins: [ScopeAuthPlugin, DirectivesPlugin, FederationPlugin, publicCopiesPlugin, pageSizePluginName],
    ...(options.publicCopies && { publicCopies: options.publicCopies }),
    defaultFieldNullability: false,
    defaultInputFieldRequiredness: true,
    scopeAuth: {
      authScopes: (context) => ({
        signedIn: context.caller.subject !== null,
        role: (role: string) => context.caller.roles.has(role),
        appScope: (scope: string) => context.caller.app?.scopes.has(scope) === true,
      }),
      unauthorizedError: (_parent, context) =>
        isAnonymous(context.caller) ? unauthenticated() : forbidden(),
    },
  });
  builder.queryType();
  builder.addScalarType('BigInt', bigIntScalar);
  builder.addScalarType('DateTime', dateTimeScalar);
  builder.addScalarType('Date', dateScalar);

  const currencyCode = builder.enumType('CurrencyCode', { values: currencies });
  builder.objectType('Money', {
    description: 'An amount in the currency’s minor unit (fen, cent).',
    shareable: true,
    // A value and no thing: it comes with the row that it stands in.
    directives: { cost: { weight: 0 } },
    fields: (t) => ({
      minor: t.expose('minor', { type: 'BigInt' }),
      currency: t.field({ type: currencyCode, resolve: (money) => money.currency }),
    }),
  });
  builder.inputType('MoneyInput', {
    fields: (t) => ({ minor: t.field({ type: 'BigInt' }), currency: t.field({ type: currencyCode }) }),
  });
  builder.objectType('PageInfo', {
    shareable: true,
    directives: { cost: { weight: 0 } },
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage'),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage'),
      startCursor: t.exposeString('startCursor', { nullable: true }),
      endCursor: t.exposeString('endCursor', { nullable: true }),
    }),
  });
  return builder;
}

/** A builder made by `createBuilder`. */
export type KitBuilder<Context extends OperationContext> = ReturnType<typeof createBuilder<Context>>;
