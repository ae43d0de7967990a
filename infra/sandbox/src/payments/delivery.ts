import type { Fault } from '../faults/faults.ts';

/** How one notification travels. */
export interface Delivery {
  readonly drop: boolean;
  readonly delayMs: number;
  readonly copies: number;
  /** Overtaken by the merchant's next notification. */
  readonly swap: boolean;
}

/** What the payer of one order may ask of its notification. */
export type DeliveryHints = Partial<Delivery>;

/** Hints of the one order and faults ordered for all, whichever is worse. */
export function planDelivery(hints: DeliveryHints, faults: readonly Fault[]): Delivery {
  const has = (kind: Fault['kind']) => faults.some((fault) => fault.kind === kind);
  const most = (kind: Fault['kind'], value: (fault: Fault) => number) =>
    Math.max(0, ...faults.filter((fault) => fault.kind === kind).map(value));
  return {
    drop: (hints.drop ?? false) || has('drop'),
    swap: (hints.swap ?? false) || has('reorder'),
    delayMs: Math.max(
      hints.delayMs ?? 0,
      most('late', ({ delayMs }) => delayMs),
    ),
    copies: Math.max(
      hints.copies ?? 1,
      most('duplicate', ({ copies }) => copies),
    ),
  };
}
