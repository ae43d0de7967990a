import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { anyKey, dependency } from '../events/changes.ts';
import type { OperationContext } from './context.ts';

/** How a field may be copied. */
export interface CopyRule {
  /** How old a copy may be, in seconds, even if nobody told of a change. */
  readonly maxAge: number;
  /** Of a list or a search: the types that it lists. Any change of one of their objects makes the copy wrong. */
  readonly lists?: readonly string[];
  /** Of a lookup: the type that it looks for. Where it finds nothing, any change of that type makes the copy wrong. */
  readonly finds?: string;
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
    const noting = noteDependencies(resolver, config.parentType, rule);
    return noting as unknown as GraphQLFieldResolver<unknown, Types['Context'], object>;
  }
}

/** The resolver of a field that may be copied: it notes what its answer shows, where somebody wants to know. */
function noteDependencies(resolve: Resolver, parentType: string, { lists = [], finds }: CopyRule): Resolver {
  const listed = lists.map((type) => dependency(type, anyKey));
  return (parent, args, context, info) => {
    const noted = context.dependencies;
    if (noted === undefined) return resolve(parent, args, context, info);
    const key = keyOf(parent);
    if (key !== undefined) noted.add(dependency(parentType, key));
    for (const list of listed) noted.add(list);
    const found = resolve(parent, args, context, info);
    if (finds === undefined) return found;
    return Promise.resolve(found).then((value) => {
      noted.add(dependency(finds, keyOf(value) ?? anyKey));
      return value;
    });
  };
}

SchemaBuilder.registerPlugin(publicCopiesPlugin, PublicCopiesPlugin);
