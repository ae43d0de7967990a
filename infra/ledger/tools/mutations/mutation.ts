/** One line of the write path taken out, and the test that must notice. */
export interface Mutation {
  /** Of the write path, as the README counts them. */
  readonly point: number;
  /** What does not hold any more. */
  readonly without: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
  readonly test: { readonly file: string; readonly name: string };
}
