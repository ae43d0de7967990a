import { composeServices } from '@apollo/composition';
import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { SchemaFailure } from './schema-failure.ts';
import type { SubgraphSdl } from './subgraphs.ts';

export interface Composed {
  supergraph: string;
  /** What composition finds odd, but not wrong. */
  hints: string[];
}

function describe(error: GraphQLError): string {
  const code = error.extensions['code'];
  return typeof code === 'string' ? `${code}: ${error.message}` : error.message;
}

function parseSdl({ name, sdl }: SubgraphSdl): DocumentNode {
  try {
    return parse(sdl);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new SchemaFailure(`${name}: the printed schema cannot be parsed.`, [error.toString()]);
  }
}

/**
 * Composes subgraphs into one graph. Routing URLs are placeholders: where a subgraph is, the gateway learns from its
 * settings.
 * @throws SchemaFailure with each error of composition.
 */
export function composeSubgraphs(subgraphs: readonly SubgraphSdl[]): Composed {
  const services = subgraphs.map((subgraph) => ({
    name: subgraph.name,
    url: `http://${subgraph.name}.invalid/graphql`,
    typeDefs: parseSdl(subgraph),
  }));
  const { supergraphSdl, errors, hints } = composeServices(services);
  if (supergraphSdl === undefined) {
    throw new SchemaFailure('The subgraphs do not compose.', (errors ?? []).map(describe));
  }
  return {
    supergraph: `${supergraphSdl.trim()}\n`,
    hints: hints.map((hint) => `${hint.definition.code}: ${hint.message}`),
  };
}
