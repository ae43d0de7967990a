// What the plugins add to the builder's type travels with the declarations of this file.
/// <reference types="@pothos/plugin-federation" preserve="true" />
import type { ObjectRef } from '@pothos/core';
import type { BaseSchemaTypes } from './builder.ts';
import type { OperationContext } from './context.ts';

/** A GraphQL object type of a kit builder, for declarations that TypeScript cannot name by itself (`externalRef`). */
export type KitObjectRef<Context extends OperationContext, Shape> = ObjectRef<
  PothosSchemaTypes.ExtendDefaultTypes<BaseSchemaTypes<Context>>,
  Shape
>;
