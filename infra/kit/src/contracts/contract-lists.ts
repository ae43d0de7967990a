import type { Contract } from './contract.ts';

/** Of each type the fields that a contract shows, or `*` for all that the subgraph gives it. */
export type ShownFields = Readonly<Record<string, readonly string[] | '*'>>;

/**
 * What each contract shows of one subgraph's part of the graph. What stands nowhere is shown to staff alone. A root type
 * takes no `*`: who adds a query or a mutation says to whom it is shown.
 */
export type ContractLists = Readonly<Partial<Record<Exclude<Contract, 'internal'>, ShownFields>>>;
