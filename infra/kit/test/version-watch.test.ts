import { createVersionWatch, type VersionWatchOptions } from '@banyan/kit/graphql';
import { createLogger } from '@banyan/kit/service';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';

const log = createLogger({ service: 'test', level: 'silent' });

/** Something with versions, as a database would hold it, and a bell to ring by hand. */
function createStage(options: Partial<VersionWatchOptions<string>> = {}) {
  const rows = new Map<string, bigint>();
  const listeners = new Set<() => void>();
  const reads: string[][] = [];
  const watch = createVersionWatch<string>({
    read: (keys) => {
      reads.push([...keys]);
      const states = [...rows].filter(([key]) => keys.includes(key));
      return Promise.resolve(
        new Map(states.map(([key, version]) => [key, { version, value: `${key} ${version}` }])),
      );
    },
    bell: {
      listen: (ring) => {
        listeners.add(ring);
        return () => listeners.delete(ring);
      },
    },
    log,
    gapMs: 1,
    pollMs: 60_000,
    ...options,
  });
  onTestFinished(() => {
    watch.close();
  });
  return { rows, reads, watch, ring: () => listeners.forEach((listener) => listener()) };
}

async function valueOf(states: AsyncIterator<{ value: string }>): Promise<string | undefined> {
  const read = await states.next();
  return read.done === true ? undefined : read.value.value;
}

test('whoever follows gets the state as it is, and the next one when the bell has rung', async () => {
  const { rows, watch, ring } = createStage();
  rows.set('a', 1n);
  const states = watch.follow('a');
  expect(await valueOf(states)).toBe('a 1');
  rows.set('a', 2n);
  ring();
  expect(await valueOf(states)).toBe('a 2');
});

test('a ring without a change tells nobody anything, and what comes later is told', async () => {
  const { rows, reads, watch, ring } = createStage();
  rows.set('a', 1n);
  const states = watch.follow('a');
  await states.next();
  const next = valueOf(states);
  ring();
  await expect.poll(() => reads.length).toBe(2);
  rows.set('a', 2n);
  ring();
  expect(await next).toBe('a 2');
});

test('without a bell the watch looks by itself', async () => {
  const { rows, watch } = createStage({ pollMs: 10 });
  rows.set('a', 1n);
  const states = watch.follow('a');
  await states.next();
  rows.set('a', 2n);
  expect(await valueOf(states)).toBe('a 2');
});

test('a thousand who follow one thing cost one read, and each gets the state', async () => {
  const { rows, reads, watch } = createStage();
  rows.set('a', 1n);
  const all = Array.from({ length: 1_000 }, () => watch.follow('a'));
  expect(new Set(await Promise.all(all.map(valueOf)))).toEqual(new Set(['a 1']));
  expect(reads).toEqual([['a']]);
});

test('whoever comes while a read is under way gets a state that was read after that', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const reads: bigint[] = [];
  let version = 1n;
  const { watch } = createStage({
    read: async () => {
      const seen = version;
      reads.push(seen);
      if (reads.length === 1) await promise;
      return new Map([['a', { version: seen, value: `a ${seen}` }]]);
    },
  });
  const early = watch.follow('a');
  await expect.poll(() => reads).toEqual([1n]);
  version = 2n;
  const late = watch.follow('a');
  resolve();
  expect(await valueOf(early)).toBe('a 1');
  expect(await valueOf(late)).toBe('a 2');
});

test('a read that fails is tried again, and nobody is told of it', async () => {
  let attempts = 0;
  const { watch } = createStage({
    pollMs: 5,
    read: () => {
      attempts += 1;
      if (attempts < 3) return Promise.reject(new Error('no database'));
      return Promise.resolve(new Map([['a', { version: 1n, value: 'a 1' }]]));
    },
  });
  expect(await valueOf(watch.follow('a'))).toBe('a 1');
});

test('who has left is not read for, and whoever waits is told when the watch closes', async () => {
  const { rows, reads, watch, ring } = createStage();
  rows.set('a', 1n).set('b', 1n);
  const [a, b] = [watch.follow('a'), watch.follow('b')];
  await Promise.all([a.next(), b.next()]);
  await a.return?.();
  ring();
  await expect.poll(() => reads.at(-1)).toEqual(['b']);
  const waiting = b.next();
  watch.close();
  expect(await waiting).toMatchObject({ done: true });
});

test('whatever is read, and however slowly somebody listens, versions grow, and the newest is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.bigInt({ min: 0n, max: 9n }), { minLength: 1 }), async (versions) => {
      let at = 0;
      const { watch } = createStage({
        read: () => {
          const version = versions[Math.min(at, versions.length - 1)] ?? 0n;
          at += 1;
          return Promise.resolve(new Map([['a', { version, value: String(version) }]]));
        },
        pollMs: 0,
      });
      const states = watch.follow('a');
      const seen: bigint[] = [];
      const newest = versions.reduce((max, version) => (version > max ? version : max));
      while (seen.at(-1) !== newest) {
        const { value } = (await states.next()) as { value: { version: bigint } };
        seen.push(value.version);
      }
      expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => Number(a - b)));
      watch.close();
    }),
    { numRuns: 50 },
  );
});
