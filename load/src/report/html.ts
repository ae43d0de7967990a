import type { RunOutcome } from '../run.ts';
import { verdictOf } from './text.ts';

export function renderHtml(runs: readonly RunOutcome[]): string {
  return runs.map(verdictOf).join('\n');
}
