import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** An operation that the explorer offers in a tab of its own. */
export interface Example {
  name: string;
  query: string;
}

/**
 * The operations of a folder, by name; their variables have defaults, so that each runs as it is. A folder that is not
 * there has none: the explorer then starts empty.
 */
export async function readExamples(folder: string): Promise<Example[]> {
  let files: string[];
  try {
    files = await readdir(folder);
  } catch {
    return [];
  }
  const names = files.filter((file) => file.endsWith('.graphql')).sort();
  return Promise.all(
    names.map(async (file) => ({
      name: basename(file, '.graphql'),
      query: await readFile(join(folder, file), 'utf8'),
    })),
  );
}
