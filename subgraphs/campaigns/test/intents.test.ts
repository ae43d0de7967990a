import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { openIntents, type NewIntent } from '../src/db/intents.ts';
import { give, totalsOf } from './gifts.ts';
import { donor, key, liveCampaign, startCampaigns } from './support.ts';

const campaigns = await sharedByTests(startCampaigns());
const campaignId = (await liveCampaign(campaigns)).id;
const owner = new pg.Client({ connectionString: campaigns.world.ownerUrl });
await owner.connect();
afterAll(() => owner.end());

/** A gift that somebody new means to give. */
function intent(over: Partial<NewIntent> = {}): NewIntent {
  return {
    campaignId,
    id: newId('don'),
    newPayerId: newId('pyr'),
    userId: newId('usr'),
    guestHash: null,
    isNewPayer: true,
    key: key(),
    inputHash: 'input',
    amount: 100n,
    currency: 'CNY',
    provider: 'sandbox',
    orderKey: null,
    isAnonymous: false,
    message: null,
    ...over,
  };
}

const open = (batch: readonly NewIntent[]) => openIntents(campaigns.app.database.db, batch);
const outcomes = async (batch: readonly NewIntent[]) => (await open(batch)).map(({ outcome }) => outcome);

test('a batch that is sent again, half of which is there already, opens each intent once', async () => {
  const batch = Array.from({ length: 6 }, () => intent());
  await open(batch.slice(0, 3));
  const answers = await open(batch);
  expect(answers).toMatchObject(batch.map(({ id }) => ({ outcome: 'OPENED', id })));
  expect(await open(batch)).toEqual(answers);
  const ids = batch.map(({ id }) => id);
  const { db } = campaigns.app.database;
  expect(await db.selectFrom('intents').select('id').where('id', 'in', ids).execute()).toHaveLength(6);
});

test('another process has opened half of it meanwhile: the same is found, other input is told so', async () => {
  const [same, other, fresh] = [intent(), intent(), intent()];
  const elsewhere = [same, other].map((each) => ({ ...each, id: newId('don'), newPayerId: newId('pyr') }));
  await open(elsewhere);
  const batch = [same, { ...other, inputHash: 'another' }, fresh];
  expect(await open(batch)).toMatchObject([
    { outcome: 'REPLAYED', id: elsewhere[0]?.id },
    { outcome: 'KEY_REUSED' },
    { outcome: 'OPENED', id: fresh.id },
  ]);
});

test('one key twice in one batch is one gift; with other input it is told so', async () => {
  const first = intent({ userId: newId('usr') });
  const again = { ...first, id: newId('don') };
  const other = { ...first, id: newId('don'), inputHash: 'another' };
  expect(await outcomes([first, again, other])).toEqual(['OPENED', 'REPLAYED', 'KEY_REUSED']);
});

test('a row that the database refuses fails alone, among gifts that arrive together', async () => {
  const { intents } = campaigns.app.services;
  const batch = [intent(), intent({ key: 'nul \0' }), intent(), intent({ amount: 2n ** 70n }), intent()];
  const results = await Promise.allSettled(batch.map((each) => intents.write(each)));
  expect(results.map((each) => (each.status === 'fulfilled' ? each.value.outcome : 'failed'))).toEqual([
    'OPENED',
    'failed',
    'OPENED',
    'failed',
    'OPENED',
  ]);
});

test('a migration changes tables and functions under load: every gift is counted, and nobody notices', async () => {
  const { id } = await liveCampaign(campaigns);
  const { rows } = await owner.query<{ body: string }>(
    `select pg_get_functiondef('open_intents'::regproc) as body`,
  );
  const gifts: ReturnType<typeof give>[] = [];
  for (let round = 0; round < 8; round += 1) {
    gifts.push(...Array.from({ length: 10 }, () => give(campaigns, id, {}, donor)));
    await owner.query('begin');
    await owner.query(rows[0]?.body ?? '');
    await owner.query('alter table intents add column later text');
    await owner.query('alter table intents drop column later');
    await owner.query('commit');
  }
  const answers = await Promise.all(gifts);
  expect(answers.map(({ data }) => data.donate.donation?.state)).toEqual(answers.map(() => 'COUNTED'));
  expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '80' });
});

test.each(['0A000', '26000', '25006', '40P01', '57014', '55P03', '53200', '58030'])(
  'the database says %s, which passes: the gift is counted, and the donor notices nothing',
  async (sqlState) => {
    const { id } = await liveCampaign(campaigns);
    await owner.query('create sequence hiccups');
    await owner.query('grant usage on sequence hiccups to public');
    await owner.query(`
      create function hiccup() returns trigger language plpgsql as $$
      begin
        if nextval('hiccups') <= 2 then raise exception 'hiccup' using errcode = '${sqlState}'; end if;
        return null;
      end $$`);
    await owner.query('create trigger hiccup after insert on intents execute function hiccup()');
    const { data } = await give(campaigns, id);
    await owner.query('drop trigger hiccup on intents');
    await owner.query('drop function hiccup');
    await owner.query('drop sequence hiccups');
    expect(data.donate.donation?.state).toBe('COUNTED');
    expect(await totalsOf(campaigns, id)).toMatchObject({ donationCount: '1' });
  },
);
