import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { compileOperation, type RunOperation } from './compiled-operation.ts';

type GatewayInterface = NonNullable<ApolloServerOptionsWithGateway<BaseContext>['gateway']>;

/** Operations that are kept compiled. The edge sends what its plans hold: as many as clients have screens, times a few. */
const maxOperations = 2_000;

/** Execution of a schema of this process by compiled operations, in the place where Apollo Server takes an executor of others. */
export function createLocalGateway(schema: GraphQLSchema): GatewayInterface {
  const compiled = new LRUCache<string, RunOperation>({ max: maxOperations });
  let announce = () => {};
  return {
    onSchemaLoadOrUpdate(listener) {
      announce = () => {
        listener({ apiSchema: schema, coreSupergraphSdl: '' });
      };
      return () => {};
    },
    load() {
      announce();
      return Promise.resolve({
        executor: ({ document, queryHash, request, context }) => {
          const { operationName = '' } = request;
          const key = `${queryHash} ${operationName}`;
          let run = compiled.get(key);
          if (run === undefined) {
            run = compileOperation(schema, document, operationName === '' ? undefined : operationName);
            compiled.set(key, run);
          }
          return run(context, request.variables ?? {});
        },
      });
    },
    stop: () => Promise.resolve(),
  };
}
