import type { Answer, Edge } from './edge.ts';

/** So little that a test uses it up, and that nothing comes back meanwhile. */
export const narrow = {
  MAX_COST: '20',
  QUOTA_STRANGER_REQUESTS_PER_MINUTE: '5',
  QUOTA_STRANGER_COST_PER_MINUTE: '60',
  QUOTA_PERSON_REQUESTS_PER_MINUTE: '7',
  QUOTA_PERSON_COST_PER_MINUTE: '60',
};

/** Asks the cheapest there is, one after the other. */
export async function askTimes(
  edge: Edge,
  times: number,
  headers: Record<string, string> = {},
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let time = 0; time < times; time += 1) answers.push(await edge.ask('{ hello }', { headers }));
  return answers;
}

export const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
