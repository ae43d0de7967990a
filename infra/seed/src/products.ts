import { counts } from './counts.ts';
import { organisationsOfKind } from './organisations.ts';
import { castId } from './seed-id.ts';

export interface CastProduct {
  readonly number: number;
  readonly id: `prd_${string}`;
  /** Number of the organisation that insures. */
  readonly insurer: number;
}

/** Insurance products, five for each of the four insurers. */
export const products: readonly CastProduct[] = Array.from({ length: counts.products }, (_, index) => {
  const insurers = organisationsOfKind('INSURER');
  return {
    number: index + 1,
    id: castId('product', index + 1),
    insurer: insurers[index % insurers.length] as number,
  };
});
