import { LRUCache } from 'lru-cache';
import type { EdgeContext } from '../context.ts';
import type { Answer, RunOperation } from '../graph/run-operation.ts';
import { pickLanguage } from '@banyan/kit/hop';
import type { Copies } from './copies.ts';
import type { Copy } from './copy.ts';
import { CopyLog } from './copy-log.ts';
import { SharedRuns } from './shared-runs.ts';

interface KeptAnswer {
  readonly answer: Answer;
  readonly copies: readonly Copy[];
}

export interface AnswersOptions {
  readonly run: RunOperation;
  readonly copies: Copies;
  readonly maxBytes: number;
  readonly count: (outcome: 'hit' | 'miss' | 'shared') => void;
}

/** Answers to strangers. */
export interface Answers {
  readonly run: RunOperation;
  /** Forgets all of them; another version of the graph may answer otherwise. */
  clear(): void;
}

/** Whether a request may have the answer that another one gets: strangers alone, who ask for nothing of their own. */
function isShared({ caller, checked, showsCost, hasOwnDeadline }: EdgeContext): boolean {
  const isAnybody = caller.subject === null && caller.app === undefined;
  const isReading = checked?.operation.type === 'query' && !checked.operation.isIntrospection;
  return isAnybody && isReading && !showsCost && !hasOwnDeadline;
}

/**
 * Answers strangers who ask the same with one run, and keeps an answer as long as all the copies that it was put together
 * from are good. Where something in it was read anew, such as the totals of a campaign, nothing is kept.
 */
export function createAnswers(options: AnswersOptions): Answers {
  const { run, copies, count } = options;
  const kept = new LRUCache<string, KeptAnswer>({
    maxSize: options.maxBytes,
    sizeCalculation: ({ answer, copies: used }, key) =>
      key.length + answer.body.length + used.length * 50 + 200,
  });
  const shared = new SharedRuns<Answer>(() => count('shared'));

  async function runAndKeep(key: string, ...asked: Parameters<RunOperation>): Promise<Answer> {
    const [operation, context, type] = asked;
    const copyLog = new CopyLog();
    const answer = await run(operation, { ...context, copyLog, presence: undefined }, type);
    const used = copyLog.copies ?? [];
    const isWhole = answer.status === 200 && answer.body.startsWith('{"data":');
    if (used.length === 0 || !isWhole) return answer;
    const sharedUntilMs = Math.min(...used.map(({ expiresAtMs }) => expiresAtMs));
    const shown = { ...answer, sharedUntilMs };
    kept.set(key, { answer: shown, copies: used });
    return shown;
  }

  return {
    async run(operation, context, type) {
      if (!isShared(context)) return run(operation, context, type);
      const { query, operationName, variables } = operation;
      const head = [type, pickLanguage(context.language), operationName ?? '', JSON.stringify(variables)];
      const key = `${head.join('\n')}\n${query}`;
      const known = kept.get(key);
      if (known?.copies.every((copy) => copies.isGood(copy)) === true) {
        count('hit');
        return known.answer;
      }
      return shared.run(key, () => {
        count('miss');
        return runAndKeep(key, operation, context, type);
      });
    },
    clear: () => {
      kept.clear();
    },
  };
}
