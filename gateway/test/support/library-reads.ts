import { expect } from 'vitest';
import type { LibraryAnswer, LibraryEdges } from './library-edges.ts';

/** A read that copies can answer. */
export const title = '{ book(id: "bok_1") { title version } }';

// Others may be using the machine.
const patience = { timeout: 10_000, interval: 50 };

/** What is to be seen sooner or later. */
export function eventually<Value>(look: () => Value): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(look, patience);
}

/** Asks until copies are kept: the gateway has to hear the subgraph first. */
export async function untilKept({ library, ask }: LibraryEdges, edge = 0): Promise<void> {
  await eventually(async () => {
    const before = library.asked.length;
    await ask(title, { edge });
    return library.asked.length - before;
  }).toBe(0);
}

export function versionIn(answer: LibraryAnswer): number {
  return (answer.data?.['book'] as { version: number } | undefined)?.version ?? 0;
}

/** How often the subgraph was asked for the title of a book. */
export function titlesRead({ library }: LibraryEdges): number {
  return library.asked.filter((field) => field === 'title').length;
}

/** @returns the version that the book has from now on. */
export async function retitle({ ask }: LibraryEdges, name: string, edge = 0): Promise<number> {
  const { data } = await ask(`mutation { retitle(id: "bok_1", title: ${JSON.stringify(name)}) }`, { edge });
  return data?.['retitle'] as number;
}
