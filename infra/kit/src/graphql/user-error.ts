import type { KitBuilder } from './builder.ts';
import type { OperationContext } from './context.ts';
import type { ShownUserError } from './refusal.ts';

/** The `UserError` interface, and a subgraph's own error type with its enum of codes, such as `UsersUserError`. */
export function defineUserError<Context extends OperationContext>(
  builder: KitBuilder<Context>,
  prefix: string,
  codes: readonly string[],
) {
  const userError = builder.interfaceRef<ShownUserError>('UserError').implement({
    description: 'Something the caller can put right.',
    fields: (t) => ({
      message: t.exposeString('message'),
      field: t.stringList({
        nullable: true,
        resolve: (error) => (error.field === null ? null : [...error.field]),
      }),
    }),
  });
  const code = builder.enumType(`${prefix}ErrorCode`, { values: codes });
  return builder.objectRef<ShownUserError>(`${prefix}UserError`).implement({
    interfaces: [userError],
    directives: { cost: { weight: 0 } },
    fields: (t) => ({ code: t.field({ type: code, resolve: (error) => error.code }) }),
  });
}
