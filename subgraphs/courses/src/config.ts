import { readConfig } from '@banyan/kit/service';
import { subgraphSettings, type SubgraphConfig } from '@banyan/kit/subgraph';
import { z } from 'zod';

export type Config = SubgraphConfig;

/** The only place that reads the environment. */
export function readCoursesConfig(): Config {
  return readConfig(z.object(subgraphSettings), process.env);
}
