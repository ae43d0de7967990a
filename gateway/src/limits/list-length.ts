import { Kind, type OperationDefinitionNode, type ValueNode } from 'graphql';
import { limitExceeded, type Limits } from './limits.ts';

function checkLength(items: number, limits: Limits): void {
  if (items > limits.maxListItems) throw limitExceeded('maxListItems', limits, `A list has ${items} items`);
}

/**
 * Refuses lists among the variables that are longer than the limit, however deep they lie.
 * @throws RequestRefused `LIMIT_EXCEEDED`.
 */
export function checkListVariables(variables: Readonly<Record<string, unknown>>, limits: Limits): void {
  // By a list of what is left to look at: a body may nest deeper than the stack reaches.
  let left: unknown[] | undefined;
  for (const name in variables) {
    const value = variables[name];
    if (typeof value === 'object' && value !== null) (left ??= []).push(value);
  }
  for (let value = left?.pop(); value !== undefined; value = left?.pop()) {
    if (Array.isArray(value)) checkLength(value.length, limits);
    for (const item of Object.values(value as object))
      if (typeof item === 'object' && item !== null) left?.push(item);
  }
}

/**
 * The same for the lists that stand in the document itself. Recursion is as deep as the document is long.
 * @throws RequestRefused `LIMIT_EXCEEDED`.
 */
export function checkListValue(value: ValueNode, limits: Limits): void {
  if (value.kind === Kind.LIST) {
    checkLength(value.values.length, limits);
    for (const item of value.values) checkListValue(item, limits);
  } else if (value.kind === Kind.OBJECT) {
    for (const field of value.fields) checkListValue(field.value, limits);
  }
}

/**
 * The same for the defaults of an operation's variables.
 * @throws RequestRefused `LIMIT_EXCEEDED`.
 */
export function checkListDefaults(operation: OperationDefinitionNode, limits: Limits): void {
  for (const { defaultValue } of operation.variableDefinitions ?? [])
    if (defaultValue !== undefined) checkListValue(defaultValue, limits);
}
