import { run } from '@banyan/kit/service';
import { createCommitter, type Committer } from '@banyan/ledger';
import { createApp } from '../../../src/app.ts';
import { readCampaignsConfig } from '../../../src/config.ts';
import { createPlainCommitter } from './plain-committer.ts';

/*
 * The subgraph as it is, but for its committer: gifts of an odd amount take a transaction each, all others go the
 * product's way. So one running system can be asked for both in turn.
 */
const MAX_PLAIN_CONNECTIONS = 32;

await run(() => {
  const config = readCampaignsConfig();
  const grouped = createCommitter({ url: config.DATABASE_URL });
  const plain = createPlainCommitter(config.DATABASE_URL, MAX_PLAIN_CONNECTIONS);
  const committer: Committer = {
    post: (input, options) => (input.amount % 2n === 1n ? plain : grouped).post(input, options),
    async drain(options) {
      await Promise.all([grouped.drain(options), plain.drain(options)]);
    },
  };
  return createApp(config, { committer });
});
