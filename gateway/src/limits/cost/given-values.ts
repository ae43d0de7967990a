import { Kind, type OperationDefinitionNode, type ValueNode } from 'graphql';
import { ownValue } from '../../engine/json.ts';
import type { Formula, Variables } from './formula.ts';

/** The defaults of an operation's variables, as far as sizes and conditions hang on them. */
export function defaultsOf(operation: OperationDefinitionNode): Variables {
  const defaults = Object.create(null) as Record<string, unknown>;
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults[variable.name.value] = Number(defaultValue.value);
    else if (defaultValue?.kind === Kind.BOOLEAN) defaults[variable.name.value] = defaultValue.value;
    else if (defaultValue !== undefined) defaults[variable.name.value] = null;
  }
  return defaults;
}

/** 1 where a value is true, else 0. */
export function booleanOf(value: ValueNode | undefined, defaults: Variables): Formula {
  if (value?.kind === Kind.BOOLEAN) return value.value ? 1 : 0;
  if (value?.kind !== Kind.VARIABLE) return 0;
  const name = value.name.value;
  return (variables) => ((ownValue(variables, name) ?? ownValue(defaults, name)) === true ? 1 : 0);
}

/** The number that is given for an argument, or what stands for it where none is given; undefined where that is no number. */
export function integerOf(
  value: ValueNode | undefined,
  defaultValue: number | undefined,
  defaults: Variables,
): number | undefined | ((variables: Variables) => number | undefined) {
  if (value === undefined) return defaultValue;
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.VARIABLE) return undefined;
  const name = value.name.value;
  const fallback = Object.hasOwn(defaults, name) ? defaults[name] : defaultValue;
  return (variables) => {
    const own = ownValue(variables, name);
    const given = own === undefined ? fallback : own;
    return typeof given === 'number' ? given : undefined;
  };
}

/** A weight that counts where a value is given at all. */
export function weightIfGiven(value: ValueNode, weight: number, defaults: Variables): Formula {
  if (weight === 0 || value.kind === Kind.NULL) return 0;
  if (value.kind !== Kind.VARIABLE) return weight;
  const variable = value.name.value;
  const hasDefault = ownValue(defaults, variable) !== undefined;
  return (variables) => {
    const given = ownValue(variables, variable);
    return given === null || (given === undefined && !hasDefault) ? 0 : weight;
  };
}
