/** A part of the graph that a kind of caller sees, the narrowest last. `internal` is the whole graph, to staff. */
export const contracts = ['internal', 'public', 'partner'] as const;
export type Contract = (typeof contracts)[number];
