import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { defaultPageSize } from './connection.ts';

/** How Pothos knows the plugin; the declaration lets a builder be made with it. */
export const pageSizePluginName = 'banyanPageSize';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      banyanPageSize: PageSizePlugin<Types>;
    }
  }
}

type ListType = PothosOutputFieldConfig<SchemaTypes>['type'];

/** The lists of a connection, which are as long as `first` asks of the field that gives the connection. */
const connectionLists = ['edges', 'nodes'];

/**
 * Puts `@listSize` on every field that takes `first`, so that the edge knows what a page costs: by `first`, and by its
 * default where a client leaves it out. On a field that gives a connection it speaks of the connection's lists.
 */
class PageSizePlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const first = config.args['first'];
    if (first === undefined) return config;
    const isList = (config.type as ListType).kind === 'List';
    const assumedSize = typeof first.defaultValue === 'number' ? first.defaultValue : defaultPageSize;
    const listSize = {
      assumedSize,
      slicingArguments: ['first'],
      ...(!isList && { sizedFields: connectionLists }),
      // Without "first" there is the default; a client is not made to say it.
      requireOneSlicingArgument: false,
    };
    const directives = (config.extensions?.['directives'] ?? []) as readonly object[];
    return {
      ...config,
      extensions: {
        ...config.extensions,
        directives: [...directives, { name: 'listSize', args: listSize }],
      },
    };
  }
}

SchemaBuilder.registerPlugin(pageSizePluginName, PageSizePlugin);
