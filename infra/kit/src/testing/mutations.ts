import type { As, AsApp, GraphAnswer, TestSubgraph } from './test-subgraph.ts';

/** What every payload tells of what its caller can put right. */
export interface UserErrors {
  userErrors: { code: string; field: string[] | null; message: string }[];
}

export interface Mutations {
  /** Runs one mutation with its input and gives its payload; an error that is no user error is thrown. */
  act<Payload = Record<string, unknown>>(
    mutation: string,
    input: Record<string, unknown>,
    as: As | AsApp,
    selection?: string,
  ): Promise<Payload & UserErrors>;
  /** The codes of the user errors of one mutation. */
  codes(mutation: string, input: Record<string, unknown>, as: As | AsApp): Promise<string[]>;
}

/** Mutations of a subgraph by their names, where the type of an input is named after its mutation or in `inputTypes`. */
export function createMutations(
  { ask }: Pick<TestSubgraph, 'ask'>,
  inputTypes: Readonly<Record<string, string>> = {},
): Mutations {
  const act: Mutations['act'] = async (mutation, input, as, selection = '__typename') => {
    const type = inputTypes[mutation] ?? `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const answer: GraphAnswer<Record<string, never> | null> = await ask(
      `mutation ($input: ${type}!) {
        ${mutation}(input: $input) { ${selection} userErrors { code field message } }
      }`,
      { input },
      as,
    );
    const payload = answer.data?.[mutation];
    if (answer.errors || payload === undefined || payload === null) throw new Error(JSON.stringify(answer));
    return payload;
  };
  return {
    act,
    async codes(mutation, input, as) {
      const { userErrors } = await act(mutation, input, as);
      return userErrors.map(({ code }) => code);
    },
  };
}
