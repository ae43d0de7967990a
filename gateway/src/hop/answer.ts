import { z } from 'zod';

/** What a subgraph answers to one operation. */
export interface SubgraphAnswer {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly SubgraphError[] | undefined;
  /** What the data shows, when that was asked for. */
  dependencies?: readonly string[] | undefined;
}

export interface SubgraphError {
  message: string;
  path?: readonly (string | number)[] | undefined;
  extensions?: Record<string, unknown> | undefined;
}

// Only errors are checked in full: data goes through the executor, which takes what the plan asked for and nothing else.
const errorsShape = z.array(
  z.object({
    message: z.string(),
    path: z.array(z.union([z.string(), z.number()])).optional(),
    extensions: z.record(z.string(), z.unknown()).optional(),
  }),
);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An answer that was parsed from JSON, checked.
 * @throws Error when it is not the answer of a GraphQL service.
 */
export function readAnswer(value: unknown): SubgraphAnswer {
  if (!isRecord(value)) throw new Error('The answer is not an object.');
  const { data, errors } = value;
  if (data !== undefined && data !== null && !isRecord(data))
    throw new Error('The answer’s data is not an object.');
  const dependencies = readDependencies(value['extensions']);
  if (errors === undefined) return { data, dependencies };
  return { data, errors: errorsShape.parse(errors), dependencies };
}

function readDependencies(extensions: unknown): readonly string[] | undefined {
  const given = isRecord(extensions) ? extensions['dependencies'] : undefined;
  return Array.isArray(given) && given.every((each) => typeof each === 'string') ? given : undefined;
}

/**
 * One line of a batch's answer: the index of its operation, and the answer.
 * @throws Error when it is not such a line.
 */
export function readAnswerLine(line: string): { index: number; answer: SubgraphAnswer } {
  const value: unknown = JSON.parse(line);
  if (!isRecord(value) || typeof value['index'] !== 'number')
    throw new Error('A line of the answer has no index.');
  return { index: value['index'], answer: readAnswer(value['response']) };
}
