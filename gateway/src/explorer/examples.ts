import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** An operation that the explorer offers in a tab of its own. */
export interface Example {
  name: string;
  query: string;
  /** JSON text. */
  variables?: string;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * The operations of a folder (`name.graphql`, with the variables in `name.variables.json` where there are any), by name.
 * A folder that is not there has none: the explorer then starts empty.
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
    names.map(async (file) => {
      const name = basename(file, '.graphql');
      const variables = await readIfThere(join(folder, `${name}.variables.json`));
      const query = await readFile(join(folder, file), 'utf8');
      return { name, query, ...(variables !== undefined && { variables: variables.trim() }) };
    }),
  );
}
