import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bug } from './faulty-graph-bug.ts';
import { requestShape } from './faulty-graph-request.ts';

/** Totals as the faulty graph tells them. */
export interface Totals {
  version: string;
  raised: { minor: string };
  donationCount: string;
}

/** Streams of live totals: the first state is told at once, then one every few milliseconds. */
export function createFaultyStreams(
  bug: Bug,
  readTotals: (id: string) => Promise<Totals>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let firstTold: Totals | undefined;
  return async (request, response) => {
    const { variables } = requestShape.parse(JSON.parse(await text(request)));
    const id = variables.campaignId ?? '';
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const tell = (totals: Totals) => {
      const data = JSON.stringify({ data: { campaignTotalsChanged: { totals } } });
      response.write(`:\n\nevent: next\ndata: ${data}\n\n`);
    };
    const first = await readTotals(id);
    firstTold ??= first;
    tell(bug === 'live totals begin with an old state' ? firstTold : first);
    while (!response.destroyed) {
      await delay(10);
      if (bug === 'live totals stand still') continue;
      tell(await readTotals(id));
      if (bug === 'live totals go back') tell(firstTold);
    }
  };
}
