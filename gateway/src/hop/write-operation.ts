/** A question for a subgraph, in JSON text that was written once for all who ask it. */
export interface OperationText {
  /** JSON text of query and operation name, without the closing brace: members may follow. */
  head: string;
  /** JSON text of the variables, an object. */
  variables?: string | undefined;
}

/** What goes with a question: in whose name, and how it is to be answered. */
export interface OperationExtensions {
  assertion: string | undefined;
  requestId: string;
  language: string | undefined;
  deadlineMs?: number;
  dependencies?: true | undefined;
  network?: string | undefined;
}

/** JSON text of an operation as it travels on a hop, whether it is answered once or by a stream. */
export function writeOperation({ head, variables }: OperationText, extensions: OperationExtensions): string {
  const given = variables === undefined ? '' : `,"variables":${variables}`;
  return `${head}${given},"extensions":${JSON.stringify(extensions)}}`;
}
