import type { PeerHandlers } from '@banyan/kit/subgraph';
import type { Database } from '../db/database.ts';
import { usersHandlers } from './users.ts';

/** What is done with the events of other subgraphs. */
export const peers: PeerHandlers<Database> = { users: usersHandlers };
