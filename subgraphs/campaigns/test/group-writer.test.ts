import { expect, test } from 'vitest';
import { createGroupWriter, WriterOverloaded } from '../src/db/group-writer.ts';

/** A write that waits until it is let go. */
function held() {
  const batches: number[][] = [];
  const gate = Promise.withResolvers<void>();
  return {
    batches,
    letGo: gate.resolve,
    write: async (batch: readonly number[]) => {
      batches.push([...batch]);
      await gate.promise;
      return batch.map((each) => each * 10);
    },
  };
}

function sqlError(code: string): Error {
  return Object.assign(new Error('refused'), { code });
}

test('what comes while a batch is being written is the next batch', async () => {
  const { write, batches, letGo } = held();
  const writer = createGroupWriter({ write });
  const first = writer.write(1);
  await expect.poll(() => batches.length).toBe(1);
  const later = [2, 3, 4].map((each) => writer.write(each));
  letGo();
  expect(await Promise.all([first, ...later])).toEqual([10, 20, 30, 40]);
  expect(batches).toEqual([[1], [2, 3, 4]]);
});

test('a full queue refuses at once and says when to come back', async () => {
  const { write, batches, letGo } = held();
  const writer = createGroupWriter({ write, maxQueueRows: 2, maxInFlight: 1 });
  const first = writer.write(1);
  await expect.poll(() => batches.length).toBe(1);
  const waiting = [writer.write(2), writer.write(3)];
  await expect(writer.write(4)).rejects.toThrow(WriterOverloaded);
  letGo();
  expect(await Promise.all([first, ...waiting])).toEqual([10, 20, 30]);
});

test('a row that the database refuses fails alone', async () => {
  const writer = createGroupWriter({
    write: async (batch: readonly number[]) => {
      if (batch.includes(3)) throw sqlError('22003');
      return batch;
    },
  });
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((each) => writer.write(each)));
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
});

test.each([
  ['a full disk', '53100'],
  ['a disk that fails', '58030'],
])('after %s (%s) a batch is written again', async (_, state) => {
  let tries = 0;
  const writer = createGroupWriter({
    write: async (batch: readonly number[]) => {
      tries += 1;
      if (tries === 1) throw sqlError(state);
      return batch;
    },
  });
  expect(await writer.write(1)).toBe(1);
});

test('a batch whose connection was lost is written again, whole', async () => {
  const tries: number[][] = [];
  const writer = createGroupWriter({
    write: async (batch: readonly number[]) => {
      tries.push([...batch]);
      if (tries.length === 1) throw new Error('Connection terminated unexpectedly');
      if (tries.length === 2) throw sqlError('40P01');
      return batch;
    },
  });
  expect(await Promise.all([writer.write(1), writer.write(2)])).toEqual([1, 2]);
  expect(tries).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
});

test('a fault of the program is not tried again', async () => {
  let tries = 0;
  const writer = createGroupWriter({
    write: async (): Promise<number[]> => {
      tries += 1;
      throw sqlError('42P01');
    },
  });
  await expect(writer.write(1)).rejects.toThrow('refused');
  expect(tries).toBe(1);
});

test('draining waits for what was taken', async () => {
  const { write, batches, letGo } = held();
  const writer = createGroupWriter({ write });
  const first = writer.write(1);
  await expect.poll(() => batches.length).toBe(1);
  const drained = writer.drain();
  letGo();
  await drained;
  expect(await first).toBe(10);
});
