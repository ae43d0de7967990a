import type { PeerHandlers } from '@banyan/kit/subgraph';
import type { Database } from '../db/database.ts';
import { campaignsHandlers } from './campaigns.ts';
import { circlesHandlers } from './circles.ts';
import { coursesHandlers } from './courses.ts';

/** What is done with the events of other subgraphs. */
export const peers: PeerHandlers<Database> = {
  campaigns: campaignsHandlers,
  courses: coursesHandlers,
  circles: circlesHandlers,
};
