import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mountSmallDisk } from '../src/embedded/embedded.ts';

const MIB = 1_024 * 1_024;

test('a full disk takes no more, keeps what it has, and takes more when there is room again', async ({
  skip,
}) => {
  await using disk = await mountSmallDisk(8);
  if (disk === undefined) return skip('this machine does not let us mount');
  const file = join(disk.folder, 'file');
  await writeFile(file, Buffer.alloc(MIB, 'x'));
  await disk.fill();
  await expect(writeFile(join(disk.folder, 'more'), Buffer.alloc(MIB))).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  expect(await readFile(file)).toHaveLength(MIB);
  await disk.clear();
  await writeFile(join(disk.folder, 'more'), Buffer.alloc(MIB));
});

test('nothing is left of it afterwards', async ({ skip }) => {
  const disk = await mountSmallDisk(1);
  if (disk === undefined) return skip('this machine does not let us mount');
  await disk[Symbol.asyncDispose]();
  await expect(stat(disk.folder)).rejects.toMatchObject({ code: 'ENOENT' });
});
