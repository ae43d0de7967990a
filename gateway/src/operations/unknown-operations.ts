import type { Contract } from '@banyan/kit/contracts';
import type { Logger } from '@banyan/kit/service';
import { LRUCache } from 'lru-cache';

/** Unknown operations that are told apart; of more, some are logged again. */
const maxToldApart = 5_000;
/** Characters of an unknown operation that are logged. */
const maxLoggedCharacters = 500;

/** Logs each operation that no manifest knows once, so that it can be added before they are refused. */
export function createUnknownLog(log: Logger): (id: string, text: string, contract: Contract) => void {
  const logged = new LRUCache<string, true>({ max: maxToldApart });
  return (id, text, contract) => {
    if (logged.get(id) !== undefined) return;
    logged.set(id, true);
    log.info({ id, contract, text: text.slice(0, maxLoggedCharacters) }, 'an operation is in no manifest');
  };
}
