import { Kind, type FieldNode, type OperationDefinitionNode } from 'graphql';
import { limitExceeded, type Limits } from './limits.ts';

const pageArguments = new Set(['first', 'last']);

/** @param where argument and field, as the client is told of them */
function refuse(where: string, asked: number, limits: Limits): never {
  throw limitExceeded('maxPageSize', limits, `${where} asks for ${asked}`);
}

/**
 * Refuses a page that is larger than the limit where the document itself says so, and notes in `variables` which variables
 * say it at run time, and where.
 * @throws RequestRefused `LIMIT_EXCEEDED`.
 */
export function checkPageArguments(field: FieldNode, limits: Limits, variables: Map<string, string>): void {
  for (const { name, value } of field.arguments ?? []) {
    if (!pageArguments.has(name.value)) continue;
    const where = `"${name.value}" of "${field.name.value}"`;
    if (value.kind === Kind.VARIABLE) variables.set(value.name.value, where);
    else if (value.kind === Kind.INT && Number(value.value) > limits.maxPageSize)
      refuse(where, Number(value.value), limits);
  }
}

/**
 * The same for the defaults of an operation's variables.
 * @throws RequestRefused `LIMIT_EXCEEDED`.
 */
export function checkPageDefaults(
  operation: OperationDefinitionNode,
  limits: Limits,
  variables: ReadonlyMap<string, string>,
): void {
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const where = variables.get(variable.name.value);
    if (where === undefined || defaultValue?.kind !== Kind.INT) continue;
    if (Number(defaultValue.value) > limits.maxPageSize) refuse(where, Number(defaultValue.value), limits);
  }
}

/**
 * The same for the variables of one request.
 * @throws RequestRefused `LIMIT_EXCEEDED`.
 */
export function checkPageVariables(
  values: Readonly<Record<string, unknown>>,
  limits: Limits,
  variables: ReadonlyMap<string, string>,
): void {
  for (const [name, where] of variables) {
    const value = values[name];
    if (typeof value === 'number' && value > limits.maxPageSize) refuse(where, value, limits);
  }
}
