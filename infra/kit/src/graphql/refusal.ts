import type { z } from 'zod';

/** A text in the languages that Banyan speaks. */
export interface Wording {
  en: string;
  zh: string;
}

export interface RefusalItem<Code extends string = string> {
  code: Code;
  wording: Wording;
  /** Path of the input field concerned, such as `['input', 'amount', 'minor']`. */
  field: readonly string[] | null;
}

/** What the caller can put right. Thrown by an action, so that its transaction rolls back; shown in the payload. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly items: readonly RefusalItem[];
  constructor(items: readonly RefusalItem[]) {
    super(items.map((item) => item.code).join(', '));
    this.items = items;
  }
}

/** `throw refuse('NOT_LIVE', { en: …, zh: … }, ['input', 'campaignId'])` */
export function refuse(code: string, wording: Wording, field: readonly string[] | null = null): Refusal {
  return new Refusal([{ code, wording, field }]);
}

/**
 * Checks an input with zod and gives the parsed value.
 * @throws Refusal `INVALID_INPUT`, an item for each wrong field. A message may be bilingual as `English | 中文`.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    parsed.error.issues.map((issue) => {
      const [en = '', zh = en] = issue.message.split(' | ');
      return { code: 'INVALID_INPUT', wording: { en, zh }, field: ['input', ...issue.path.map(String)] };
    }),
  );
}

/** A user error as the graph shows it. */
export interface ShownUserError {
  code: string;
  message: string;
  field: readonly string[] | null;
}

/** What a mutation gives: what it changed, or why it did not. */
export type Payload<Changed extends object> = Partial<Changed> & { userErrors: ShownUserError[] };

/** Runs an action and gives its payload: what it returns, or the refusals it throws in the caller's language. */
export async function settle<Changed extends object>(
  context: { language: 'en' | 'zh' },
  action: () => Promise<Changed>,
): Promise<Payload<Changed>> {
  try {
    return { ...(await action()), userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const userErrors = error.items.map(({ code, wording, field }) => ({
      code,
      message: wording[context.language],
      field,
    }));
    return { userErrors } as Payload<Changed>;
  }
}
