/**
 * What each contract shows of one subgraph's part of the graph: of each type the fields, or `*` for all that the subgraph
 * gives it. What stands nowhere is shown to staff alone. A root type takes no `*`: who adds a query or a mutation says to
 * whom it is shown.
 */
export type ContractLists = Readonly<Record<string, Readonly<Record<string, readonly string[] | '*'>>>>;
