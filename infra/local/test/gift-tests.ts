import { expect, test } from 'vitest';
import { readExample, type GraphAnswer } from './graph-client.ts';
import { followOverEvents } from './graph-followers.ts';
import { give, readHot } from './graph-gifts.ts';
import type { TestGraph } from './test-graph.ts';

interface Followed {
  campaignTotalsChanged: {
    organiser: { displayName: string };
    totals: { donationCount: string; version: string };
  };
}

/** What donors are told of a gift, and those who follow its campaign. */
export function testGifts(graph: TestGraph): void {
  test('is told to those who follow the campaign, with what users knows of it', async () => {
    const query = readExample('campaign-totals.graphql');
    const follower = await followOverEvents<Followed>(graph.system, { query });
    const totalsIn = ({ data, errors }: GraphAnswer<Followed>) => {
      expect(errors).toBeUndefined();
      expect(data.campaignTotalsChanged.organiser.displayName).not.toBe('');
      return data.campaignTotalsChanged.totals;
    };
    let { donationCount, version } = totalsIn(await follower.next());
    const { data } = await give(graph);
    const acknowledged = BigInt(data.donate.campaign?.totals.version ?? 0);
    const before = BigInt(donationCount);
    while (BigInt(version) < acknowledged) {
      const told = totalsIn(await follower.next());
      expect(BigInt(told.version)).toBeGreaterThan(BigInt(version));
      ({ donationCount, version } = told);
    }
    expect(BigInt(donationCount)).toBeGreaterThan(before);
    follower.leave();
  });

  test('is in the answer, on the next read, and once however often it is sent', async () => {
    const { totals: before } = await readHot(graph);
    const key = crypto.randomUUID();
    const first = await give(graph, { key });
    const again = await give(graph, { key });
    const { totals: after } = await readHot(graph);
    expect(first.data.donate.donation?.state).toBe('COUNTED');
    expect(again.data.donate.donation?.id).toBe(first.data.donate.donation?.id);
    expect(BigInt(after.donationCount)).toBe(BigInt(before.donationCount) + 1n);
    expect(BigInt(after.version)).toBeGreaterThanOrEqual(
      BigInt(first.data.donate.campaign?.totals.version ?? 0),
    );
  });

  test('under a key that was used with another amount is refused', async () => {
    const key = crypto.randomUUID();
    await give(graph, { key });
    const other = await give(graph, { key, amount: '2000' });
    expect(other.data.donate).toMatchObject({
      donation: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
  });

  test.each(['0', '-5', '9223372036854775807', '1.5', 'ten'])(
    'of %s is refused with a code',
    async (amount) => {
      const { data, errors } = await give(graph, { amount });
      const codes = [
        ...(data?.donate?.userErrors ?? []).map(({ code }) => code),
        ...(errors ?? []).map(({ extensions }) => extensions.code),
      ];
      expect(codes).toHaveLength(1);
      expect(['AMOUNT_OUT_OF_RANGE', 'INVALID_INPUT', 'BAD_USER_INPUT']).toContain(codes[0]);
    },
  );
}
