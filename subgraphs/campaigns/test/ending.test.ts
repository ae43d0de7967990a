import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { sweep } from '../src/domain/sweep.ts';
import { give } from './gifts.ts';
import { liveCampaign, startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
const { world } = campaigns;

test('a campaign whose last day is over ends by itself', async () => {
  const { id } = await liveCampaign(campaigns, { endsAt: new Date(Date.now() + 3_600_000).toISOString() });
  await campaigns.app.database.db
    .updateTable('campaigns')
    .set({ ends_at: new Date(Date.now() - 1_000) })
    .where('id', '=', id)
    .execute();
  await sweep(campaigns.app.services);
  const { data } = await campaigns.ask('query ($id: ID!) { campaign(id: $id) { status } }', { id });
  expect(data).toEqual({ campaign: { status: 'ENDED' } });
  expect((await give(campaigns, id)).data.donate.userErrors).toMatchObject([{ code: 'NOT_LIVE' }]);
});

test('a campaign that cannot be ended for the moment holds back no other, nor the gifts', async () => {
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  const [held, other] = [
    await liveCampaign(campaigns, { endsAt }),
    await liveCampaign(campaigns, { endsAt }),
  ];
  const { db } = campaigns.app.database;
  await db
    .updateTable('campaigns')
    .set({ ends_at: new Date(Date.now() - 1_000) })
    .where('id', 'in', [held.id, other.id])
    .execute();
  const hurried = await world.start({}, { LOCK_TIMEOUT_MS: 20 });
  const statuses = async () => {
    const rows = await db
      .selectFrom('campaigns')
      .select(['id', 'status'])
      .where('id', 'in', [held.id, other.id])
      .execute();
    return new Map(rows.map(({ id, status }) => [id, status]));
  };
  await db.transaction().execute(async (trx) => {
    await trx.selectFrom('campaigns').select('id').where('id', '=', held.id).forUpdate().execute();
    expect(await sweep(hurried.app.services)).toMatchObject({ ended: 1 });
    expect(await statuses()).toEqual(
      new Map([
        [held.id, 'LIVE'],
        [other.id, 'ENDED'],
      ]),
    );
  });
  expect(await sweep(hurried.app.services)).toMatchObject({ ended: 1 });
  expect((await statuses()).get(held.id)).toBe('ENDED');
  await hurried.stop();
});
