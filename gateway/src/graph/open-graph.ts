import { readFile } from 'node:fs/promises';
import { ConfigError } from '@banyan/kit/service';
import { createGraph, type Graph, type GraphOptions } from './graph.ts';

/**
 * The text of the supergraph.
 * @throws ConfigError when there is no such file.
 */
export async function readSupergraph(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`SUPERGRAPH_PATH: ${path} cannot be read; "npm run schema" writes it.`, {
      cause: error,
    });
  }
}

/**
 * The graph, started.
 * @throws ConfigError when the text is no supergraph that can be served.
 */
export async function openGraph(options: GraphOptions & { path: string }): Promise<Graph> {
  const graph = createGraph(options);
  try {
    await graph.start();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      `SUPERGRAPH_PATH: ${options.path} holds no supergraph that can be served: ${reason}`,
      { cause: error },
    );
  }
  return graph;
}
