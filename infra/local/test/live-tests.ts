import { expect, onTestFinished, test } from 'vitest';
import type { System } from '../src/system.ts';
import { askGraph, changeGraph, signInBySms, type GraphAnswer } from './graph-client.ts';
import { followOverEvents, followOverSocket, type Follower } from './graph-followers.ts';

/** Waits in the queue for the microphone, by the seed data. */
const learnerPhone = '+8613800000006';

const queueChanges = /* GraphQL */ `
  subscription QueueChanges($sessionId: ID!) {
    micQueueChanged(sessionId: $sessionId) {
      version
      waiting
      entry {
        state
        user {
          displayName
        }
      }
      myPlace {
        position
      }
    }
  }
`;
interface QueueChanged {
  micQueueChanged: {
    version: string;
    waiting: number;
    entry: { state: string; user: { displayName: string } | null } | null;
    myPlace: { position: number } | null;
  };
}

const hotTopics = /* GraphQL */ `
  subscription HotTopics {
    hotSearchChanged(first: 50) {
      name
      heat
      heatAsOf
    }
  }
`;
interface HotTopics {
  hotSearchChanged: { name: string; heat: string; heatAsOf: string }[];
}

/** Where a cron of every minute is waited for, which may have begun just before. */
const twoMinutesMs = 150_000;

async function nextOf<Data>(follower: Follower<Data>): Promise<Data> {
  const { data, errors }: GraphAnswer<Data> = await follower.next();
  expect(errors).toBeUndefined();
  return data;
}

/** What is live beside totals, from a change by one client to what others are shown. */
export function testLive(system: System): void {
  const ask = async <Data>(query: string, variables: object, token?: string): Promise<Data> => {
    const { data, errors } = await askGraph<Data>(system, query, variables, token);
    expect(errors).toBeUndefined();
    return data;
  };
  const change = async (mutation: string, input: object, token: string) => {
    const { userErrors } = await changeGraph<{ userErrors: unknown[] }>(system, token, {
      mutation,
      input,
      selection: 'userErrors { code }',
      ...(mutation.endsWith('Hand') && { inputType: 'SessionInput' }),
    });
    expect(userErrors).toEqual([]);
  };

  test('a hand that goes down and up is seen by all who follow the queue, and one’s own place by oneself', async () => {
    const learner = await signInBySms(system, learnerPhone);
    const { liveSessions } = await ask<{ liveSessions: { nodes: { id: string }[] } }>(
      '{ liveSessions(first: 1) { nodes { id } } }',
      {},
    );
    const sessionId = liveSessions.nodes[0]?.id ?? '';
    const variables = { sessionId };
    const [stranger, own] = await Promise.all([
      followOverEvents<QueueChanged>(system, { query: queueChanges, variables }),
      followOverSocket<QueueChanged>(system, { query: queueChanges, variables, token: learner }),
    ]);
    onTestFinished(() => {
      for (const follower of [stranger, own]) follower.leave();
    });
    const { micQueueChanged: before } = await nextOf(stranger);
    const { micQueueChanged: ownBefore } = await nextOf(own);
    expect(before.myPlace).toBeNull();
    expect(ownBefore).toMatchObject({ ...before, myPlace: {} });

    await change('lowerHand', variables, learner);
    const left = { waiting: before.waiting - 1, entry: { state: 'LEFT', user: { displayName: '孙国华' } } };
    const version = String(BigInt(before.version) + 1n);
    const down = { ...left, version, myPlace: null };
    expect((await nextOf(stranger)).micQueueChanged).toEqual(down);
    expect((await nextOf(own)).micQueueChanged).toEqual(down);

    await change('raiseHand', variables, learner);
    const up = { waiting: before.waiting, entry: { state: 'WAITING' } };
    expect((await nextOf(stranger)).micQueueChanged).toMatchObject({ ...up, myPlace: null });
    expect((await nextOf(own)).micQueueChanged).toMatchObject({ ...up, myPlace: {} });
  });

  test(
    'what one person writes warms a topic for all who follow the hot search, within the next minutes',
    async () => {
      const person = await signInBySms(system, '+8613900005682');
      const follower = await followOverEvents<HotTopics>(system, { query: hotTopics });
      onTestFinished(() => {
        follower.leave();
      });
      const first = (await nextOf(follower)).hotSearchChanged;
      const cool = first.at(-1);
      if (cool === undefined) throw new Error('No topic is hot.');
      const input = { kind: 'TEXT', body: 'Something to talk about.', topics: [cool.name] };
      await change('createPost', { ...input, idempotencyKey: crypto.randomUUID() }, person);
      let topics = first;
      // Nobody else writes here, and heat that is not fed goes down.
      const heatOf = () => Number(topics.find(({ name }) => name === cool.name)?.heat);
      while (heatOf() <= Number(cool.heat)) {
        const before = topics[0]?.heatAsOf ?? '';
        topics = (await nextOf(follower)).hotSearchChanged;
        expect(Date.parse(topics[0]?.heatAsOf ?? '')).toBeGreaterThan(Date.parse(before));
      }
    },
    twoMinutesMs,
  );
}
