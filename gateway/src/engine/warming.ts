import { setImmediate } from 'node:timers/promises';
import { validate } from 'graphql';
import type { ClientOperation, Supergraph } from './supergraph.ts';

/** Operations whose plans a new supergraph gets from the one before. */
const maxWarmOperations = 200;

/** An operation that is known before anybody asks for it. */
export type KnownOperation = Omit<ClientOperation, 'view'>;

/** Compiles operations one by one; those that do not fit are left to the clients that ask for them, who are told why. */
async function compileEach(
  supergraph: Supergraph,
  operations: readonly ClientOperation[],
  compile: (operation: ClientOperation) => void,
): Promise<void> {
  for (const operation of operations) {
    // Planning takes milliseconds; requests go on in between.
    await setImmediate();
    if (validate(supergraph.schemaOf(operation.view), operation.document).length > 0) continue;
    try {
      compile(operation);
    } catch {
      // The client that asks for it next is told why it cannot be planned.
    }
  }
}

/** Plans what is known in advance, for everybody for whom it is valid, and keeps it. */
export function planKnown(supergraph: Supergraph, known: readonly KnownOperation[]): Promise<void> {
  const operations = supergraph.views.flatMap((view) => known.map((operation) => ({ ...operation, view })));
  return compileEach(supergraph, operations, (operation) => {
    supergraph.know(operation);
  });
}

/** Plans what the supergraph before was asked for most, where it is still valid. */
export function planMostUsed(next: Supergraph, previous: Supergraph): Promise<void> {
  return compileEach(next, previous.mostUsed(maxWarmOperations), (operation) => {
    next.compiled(operation);
  });
}
