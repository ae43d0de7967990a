import type { Received } from './live-edge.ts';

/** What followers of a board are told, as far as order goes. */
export interface Followed {
  boardChanged: { version: string };
}

/** Reads on until a version is there; gives all that came on the way. */
export async function readUntil(results: Received<Followed>, version: bigint): Promise<bigint[]> {
  const versions: bigint[] = [];
  while (versions.at(-1) !== version) {
    const { data } = await results.next();
    versions.push(BigInt(data?.boardChanged.version ?? -1));
  }
  return versions;
}

export function isGrowing(versions: readonly bigint[]): boolean {
  return versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0n));
}
