import type { Wording } from '@banyan/kit/graphql';
import type { QuestionKind } from './words.ts';

/** Which answers close the product to a person, and why. */
export type DeclineRule =
  | { readonly kind: 'ANSWER_IS'; readonly values: readonly string[]; readonly reason: Wording }
  | {
      readonly kind: 'NUMBER_OUTSIDE';
      readonly least: number;
      readonly most: number;
      readonly reason: Wording;
    };

/** A question of a product, as its row holds it. */
export interface Question {
  readonly key: string;
  readonly text: Wording;
  readonly kind: QuestionKind;
  /** Of a CHOICE: the answers there are. */
  readonly choices: readonly string[];
  readonly required: boolean;
  readonly declines: readonly DeclineRule[];
}
