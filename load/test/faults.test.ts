import { mountSmallDisk, startPostgres, type SmallDisk } from '@banyan/kit/embedded';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { conduct } from '../src/faults/conduct.ts';
import { inflict, type Machinery } from '../src/faults/machinery.ts';
import { fillDisk, fillLog } from '../src/faults/full-disk.ts';
import { assertToolsFor, familyOf } from '../src/faults/process-family.ts';
import { planKills, repertoire, type PlannedFault } from '../src/faults/repertoire.ts';

/** Of which nothing is there but what a test puts in. */
const bare: Machinery = {
  pid: () => undefined,
  redisUrl: undefined,
  databaseUrl: '',
  adminUrl: '',
  proxy: undefined,
  disk: undefined,
  failOver: undefined,
};

function plannedOf(name: string): PlannedFault {
  const kind = repertoire.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`the repertoire has ${name}`);
  return { kind, atMs: 0, forMs: 100, calls: 0 };
}

describe('of a process that is to be frozen', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('the children are frozen too', async () => {
    const child = spawn('sleep', ['60']);
    try {
      expect(await familyOf(process.pid)).toEqual(expect.arrayContaining([process.pid, child.pid]));
      expect(await familyOf(child.pid ?? 0)).toEqual([child.pid]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('the fault has taken effect when it stands still, and not before', async () => {
    const child = spawn('sleep', ['60']);
    const states: string[] = [];
    try {
      await inflict({ ...bare, pid: () => child.pid }, plannedOf('freeze gateway'), () =>
        states.push(execFileSync('ps', ['-o', 'stat=', '-p', String(child.pid)], { encoding: 'utf8' })),
      );
      expect(states).toEqual([expect.stringMatching(/^T/)]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('the run says so before it begins where pgrep is missing, and needs none for other faults', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(assertToolsFor(repertoire)).rejects.toThrow(/^pgrep could not be run/);
    await assertToolsFor(repertoire.filter(({ action }) => action !== 'freeze'));
  });
});

test('a process that is just coming back is waited for, and then is killed', async () => {
  const child = spawn('sleep', ['60']);
  const gone = once(child, 'exit');
  let looks = 0;
  const machinery = { ...bare, pid: () => ((looks += 1) > 2 ? child.pid : undefined) };
  const [kill] = planKills(0);
  if (kill === undefined) throw new Error('there is a first kill');
  const marks = await conduct(machinery, [kill], new AbortController().signal);
  expect(marks.map(({ infliction, inEffectMs }) => [infliction, inEffectMs !== null])).toEqual([
    ['done', true],
  ]);
  expect(await gone).toEqual([null, 'SIGKILL']);
});

describe('a full disk', () => {
  let disk: SmallDisk | undefined;
  let server: Awaited<ReturnType<typeof startPostgres>>;

  beforeAll(async () => {
    disk = await mountSmallDisk(400);
    const place = disk && { dataDir: join(disk.folder, 'postgres') };
    server = await startPostgres({ fsync: false, ...place });
  });
  afterAll(async () => {
    await server.stop();
    await disk?.[Symbol.asyncDispose]();
  });

  /** A disk of which there is more. */
  const roomy: SmallDisk = {
    folder: '/',
    fill: async () => undefined,
    clear: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };

  test('counts as met when PostgreSQL has refused to grow a table, where one may be mounted', async (context) => {
    if (disk === undefined) return context.skip('no file system may be mounted here');
    const takeEffect = vi.fn<() => void>();
    expect(await fillDisk(disk, 100, server.url, takeEffect)).toBe('done');
    expect(takeEffect).toHaveBeenCalledOnce();
  });

  test('does not count as met when there was room all the same, nor had it any effect', async () => {
    const takeEffect = vi.fn<() => void>();
    expect(await fillDisk(roomy, 100, server.url, takeEffect)).toBe('without effect');
    expect(await fillLog(roomy, 0, 'postgres://nobody@127.0.0.1:1/none', takeEffect)).toBe('not there');
    expect(takeEffect).not.toHaveBeenCalled();
  });

  test('is waited for while PostgreSQL is just coming back', async () => {
    let callers = 0;
    const door = createServer((caller) => {
      caller.on('error', () => undefined);
      callers += 1;
      if (callers <= 3) return void caller.destroy();
      const inside = connect(server.port, '127.0.0.1').on('error', () => undefined);
      caller.pipe(inside).pipe(caller);
    });
    await once(door.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(server.url);
    url.port = String((door.address() as AddressInfo).port);
    try {
      const machinery = { ...bare, disk: roomy, adminUrl: url.href };
      const marks = await conduct(machinery, [plannedOf('fill disk')], new AbortController().signal);
      expect(marks).toMatchObject([{ infliction: 'without effect', inEffectMs: null }]);
    } finally {
      door.close();
    }
  });
});
