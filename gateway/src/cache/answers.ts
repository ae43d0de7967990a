import type { EdgeContext } from '../context.ts';
import type { Answer, RunOperation } from '../graph/run-operation.ts';
import { pickLanguage } from '@banyan/kit/hop';
import { CopyLog } from './copy-log.ts';
import { KeptAnswer } from './kept-answer.ts';
import type { Shelf } from './shelf.ts';

export interface AnswersOptions {
  readonly run: RunOperation;
  /** The shelf of the graph that answers now. */
  readonly shelf: () => Shelf;
  readonly count: (outcome: 'hit' | 'miss') => void;
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
export function createAnswers({ run, shelf: currentShelf, count }: AnswersOptions): RunOperation {
  async function runAndKeep(shelf: Shelf, key: string, ...asked: Parameters<RunOperation>): Promise<Answer> {
    const [operation, context, type] = asked;
    const { answers, copies } = shelf;
    const copyLog = new CopyLog();
    const answer = await run(operation, { ...context, copyLog, presence: undefined }, type);
    const used = copyLog.copies ?? [];
    const isWhole = answer.status === 200 && answer.body.startsWith('{"data":');
    // A copy may be used that is no longer good: somebody waited for it, and meanwhile there was news of what it shows.
    const isKept = isWhole && used.length > 0 && used.every((copy) => copies.isGood(copy));
    if (!isKept) return answer;
    const made = new KeptAnswer(answer, used);
    answers.set(key, made);
    return made.answer;
  }

  return async (operation, context, type) => {
    if (!isShared(context)) return run(operation, context, type);
    const { query, operationName, variables } = operation;
    const shelf = currentShelf();
    const head = [type, pickLanguage(context.language), operationName ?? '', JSON.stringify(variables)];
    const key = `${head.join('\n')}\n${query}`;
    const known = shelf.answers.get(key);
    if (known?.isGood(shelf.changesOf) === true) {
      count('hit');
      return known.answer;
    }
    return shelf.runs.run(key, () => {
      count('miss');
      return runAndKeep(shelf, key, operation, context, type);
    });
  };
}
