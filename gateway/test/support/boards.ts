import { createVersionWatch, shownError } from '@banyan/kit/graphql';
import { makeSchema, silent } from './subgraph.ts';

/** A thing that subscribers follow. */
interface Board {
  id: string;
  version: bigint;
}

/** What the boards of a test are, as their database would hold them, and what is asked of it. */
export class Boards {
  readonly #versions = new Map<string, bigint>();
  readonly #bells = new Set<() => void>();
  /** Makes every board large, so that a client that does not read is soon behind. */
  fillerCharacters = 0;
  /** Boards that nobody may follow any longer. */
  readonly withdrawn = new Set<string>();
  /** Entities that the other subgraph was asked for. */
  titlesAsked = 0;
  /** What the other subgraph waits for before it answers. */
  titles: Promise<void> = Promise.resolve();

  versionOf(id: string): bigint {
    return this.#versions.get(id) ?? 1n;
  }

  /** Changes a board, and tells those who watch. */
  change(id = 'a', by = 1n): bigint {
    const version = this.versionOf(id) + by;
    this.#versions.set(id, version);
    for (const ring of this.#bells) ring();
    return version;
  }

  /** Changes a board, and the news is lost. */
  changeSilently(id = 'a'): void {
    this.#versions.set(id, this.versionOf(id) + 1n);
  }

  listen(ring: () => void): () => void {
    this.#bells.add(ring);
    return () => this.#bells.delete(ring);
  }
}

/**
 * A process of the subgraph that owns the boards.
 * @param behindBy a process whose database is so many versions behind.
 */
export function boardsSchema(boards: Boards, behindBy: () => bigint = () => 0n) {
  const watch = createVersionWatch<Board>({
    read: (ids) => {
      const states = ids.map((id) => {
        const version = boards.versionOf(id) - behindBy();
        return [id, { version, value: { id, version } }] as const;
      });
      return Promise.resolve(new Map(states));
    },
    bell: boards,
    log: silent,
    gapMs: 1,
    pollMs: 60_000,
  });
  return makeSchema((builder) => {
    const board = builder.objectRef<Board>('Board').implement({
      fields: (t) => ({
        id: t.exposeID('id'),
        version: t.expose('version', { type: 'BigInt' }),
        filler: t.string({ resolve: () => 'x'.repeat(boards.fillerCharacters) }),
        seenBy: t.string({ nullable: true, resolve: (_board, _args, { caller }) => caller.subject }),
      }),
    });
    builder.asEntity(board, {
      key: builder.selection<{ id: string }>('id'),
      resolveReference: ({ id }) => ({ id, version: boards.versionOf(id) }),
    });
    builder.queryFields((t) => ({
      board: t.field({
        type: board,
        args: { id: t.arg.id() },
        resolve: (_root, { id }) => ({ id, version: boards.versionOf(id) }),
      }),
    }));
    builder.subscriptionType({
      fields: (t) => ({
        boardChanged: t.field({
          type: board,
          args: { id: t.arg.id() },
          subscribe: (_root, { id }) => watch.follow(id),
          resolve: ({ value }, { id }) => {
            if (boards.withdrawn.has(id)) throw shownError('NOT_FOUND', 'There is no such board.');
            return value;
          },
        }),
        secretChanged: t.field({
          type: board,
          subscribe: () => watch.follow('secret'),
          resolve: ({ value }, _args, { caller }) => {
            if (caller.subject !== 'usr_1') throw shownError('FORBIDDEN', 'You may not see or do this.');
            return value;
          },
        }),
      }),
    });
  });
}

/** The subgraph that knows what boards are called. */
export function titlesSchema(boards: Boards) {
  return makeSchema((builder) => {
    const board = builder.objectRef<{ id: string }>('Board').implement({
      fields: (t) => ({
        id: t.exposeID('id'),
        title: t.string({
          nullable: true,
          resolve: async ({ id }) => {
            boards.titlesAsked += 1;
            await boards.titles;
            return `Board ${id}`;
          },
        }),
      }),
    });
    builder.asEntity(board, {
      key: builder.selection<{ id: string }>('id'),
      resolveReference: ({ id }) => ({ id }),
    });
  });
}
