import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { anyKey, dependency } from '../events/changes.ts';
import type { OperationContext } from './context.ts';

/** How a field may be copied. */
export interface CopyRule {
  /** How old a copy may be, in seconds, even if nobody told of a change. */
  readonly maxAge: number;
  /**
   * The types of which any change makes the copy wrong: of a list or a search, what it lists; of a lookup that may find
   * nothing, what it looks for.
   */
  readonly of?: readonly string[];
}

/**
 * Fields that are the same for everybody and may be kept as copies, by type. A field that is not named here is read anew
 * each time; so is one that shows a stranger something else than a member. What a field of a type with a key shows must
 * change only together with a change that is announced under that type; see `announceChanges`.
 */
export type PublicCopies = Readonly<Record<string, Readonly<Record<string, CopyRule>>>>;

/** Name of the plugin among the builder’s. */
export const publicCopiesPlugin = 'publicCopies';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      publicCopies: PublicCopiesPlugin<Types>;
    }
    export interface SchemaBuilderOptions<Types extends SchemaTypes> {
      publicCopies?: PublicCopies;
    }
  }
}

function keyOf(parent: unknown): string | undefined {
  const id = (parent as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : undefined;
}

type Resolver = GraphQLFieldResolver<unknown, OperationContext, object>;

/** Writes `@cacheControl` on the fields that may be copied, and notes what an answer depends on when it is asked for. */
class PublicCopiesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  #ruleOf({ parentType, name }: PothosOutputFieldConfig<Types>): CopyRule | undefined {
    return this.builder.options.publicCopies?.[parentType]?.[name];
  }

  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const rule = this.#ruleOf(config);
    if (rule === undefined) return config;
    const directive = { name: 'cacheControl', args: { maxAge: rule.maxAge } };
    const others = (config.extensions?.['directives'] ?? []) as readonly object[];
    return { ...config, extensions: { ...config.extensions, directives: [...others, directive] } };
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const rule = this.#ruleOf(config);
    if (rule === undefined) return resolver;
    const { parentType } = config;
    const lists = (rule.of ?? []).map((type) => dependency(type, anyKey));
    const resolve = resolver as unknown as Resolver;
    const noting: Resolver = (parent, args, context, info) => {
      const noted = context.dependencies;
      if (noted !== undefined) {
        const key = keyOf(parent);
        if (key !== undefined) noted.add(dependency(parentType, key));
        for (const list of lists) noted.add(list);
      }
      return resolve(parent, args, context, info);
    };
    return noting as unknown as GraphQLFieldResolver<unknown, Types['Context'], object>;
  }
}

SchemaBuilder.registerPlugin(publicCopiesPlugin, PublicCopiesPlugin);
