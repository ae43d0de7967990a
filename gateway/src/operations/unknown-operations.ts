import type { Contract } from '@banyan/kit/contracts';
import type { Logger } from '@banyan/kit/service';
import { LRUCache } from 'lru-cache';

/** Unknown operations that are told apart; of more, some are logged again. */
const maxToldApart = 5_000;
/** Characters of an operation's name that are logged; the client has chosen it. */
const maxNameCharacters = 100;

/**
 * Logs each operation that no manifest knows once, so that it can be added before they are refused: by its id and its name,
 * never its text, which may hold what a person typed.
 */
export function createUnknownLog(
  log: Logger,
): (id: string, operationName: string | null, contract: Contract) => void {
  const logged = new LRUCache<string, true>({ max: maxToldApart });
  return (id, operationName, contract) => {
    if (logged.get(id) !== undefined) return;
    logged.set(id, true);
    const name = operationName?.slice(0, maxNameCharacters) ?? null;
    log.info({ id, operationName: name, contract }, 'an operation is in no manifest');
  };
}
