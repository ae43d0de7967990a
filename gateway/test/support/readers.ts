import { printSdl } from '@banyan/kit/graphql';
import { onTestFinished } from 'vitest';
import { makeSchema, startSubgraph, type SubgraphKeys } from './subgraph.ts';

/** A subgraph that knows which books are read, and nothing of them but their ids. Nothing of it may be kept. */
export async function startReaders(keys: SubgraphKeys): Promise<{ url: string; sdl: string }> {
  const schema = makeSchema((builder) => {
    const book = builder
      .externalRef('Book', builder.keyDirective(builder.selection<{ id: string }>('id'), false))
      .implement({ fields: (t) => ({ id: t.exposeID('id') }) });
    builder.queryFields((t) => ({
      beingRead: t.field({
        type: [book],
        args: { ids: t.arg.idList() },
        resolve: (_root, { ids }) => ids.map((id) => ({ id })),
      }),
    }));
  });
  const readers = await startSubgraph({ name: 'readers', schema, ...keys });
  onTestFinished(() => readers.stop());
  return { url: readers.url, sdl: await printSdl(schema) };
}
