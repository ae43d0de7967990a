import type { FieldNode } from 'graphql';
import type { Formula, Variables } from './formula.ts';
import { integerOf } from './given-values.ts';
import { assumedSizeOf, type FieldCost } from './model.ts';

/** Lists further down whose size a field above them says, by name. */
export type Sizes = ReadonlyMap<string, Formula>;

/** Where no field above says any. */
export const noSizes: Sizes = new Map();

function sizeAmong(asked: readonly (number | undefined)[], assumed: number): number {
  let size = -1;
  for (const each of asked) if (each !== undefined && each > size) size = each;
  return size < 0 ? assumed : size;
}

/** The size that a field's arguments ask for: the greatest, where several are given. */
function askedSize(cost: FieldCost, node: FieldNode, defaults: Variables): Formula {
  const { listSize } = cost;
  const assumed = assumedSizeOf(cost);
  if (listSize === null || listSize.slicing.length === 0) return assumed;
  const asked = listSize.slicing.map(({ name, defaultValue }) => {
    const value = node.arguments?.find((each) => each.name.value === name)?.value;
    return integerOf(value, defaultValue, defaults);
  });
  const known = asked.filter((each) => typeof each !== 'function');
  if (known.length === asked.length) return sizeAmong(known, assumed);
  return (variables) =>
    sizeAmong(
      asked.map((each) => (typeof each === 'function' ? each(variables) : each)),
      assumed,
    );
}

/**
 * How many objects or values a field gives, and how many the lists below it that it speaks of.
 * @param above what the field above says of the lists below it
 */
export function sizesOf(
  cost: FieldCost,
  node: FieldNode,
  above: Sizes,
  defaults: Variables,
): { size: Formula; below: Sizes } {
  const { listSize } = cost;
  const asked = askedSize(cost, node, defaults);
  const isOwn = listSize?.sizedFields.size === 0;
  const size = cost.isList ? (above.get(cost.name) ?? (isOwn ? asked : assumedSizeOf(cost))) : 1;
  if (listSize === null || isOwn) return { size, below: noSizes };
  return { size, below: new Map([...listSize.sizedFields].map((name) => [name, asked])) };
}
