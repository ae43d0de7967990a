import { shownError } from '@banyan/kit/graphql';
import type { Craft } from '@banyan/vocabulary';

const maxSearchCharacters = 100;
const maxTerms = 8;

/** Words by which the courses of a craft are found beside their own. */
export const craftKeywords: Readonly<Record<Craft, string>> = {
  VOCAL: '声乐 唱歌 合唱 vocal singing choir',
  CALLIGRAPHY: '书法 毛笔 calligraphy brush',
  PAPER_CUTTING: '剪纸 paper cutting',
  PHOTO_RETOUCHING: '修图 摄影 photo retouching',
  YOGA: '瑜伽 yoga',
  DANCE: '舞蹈 广场舞 dance',
  HULUSI: '葫芦丝 hulusi',
  KEYBOARD: '电子琴 钢琴 keyboard piano',
  OTHER: '',
};

/**
 * The words of a search; none when nothing is searched for. What is all punctuation is itself the word.
 * @throws GraphQLError `BAD_USER_INPUT` when it is too long or holds what no text holds.
 */
export function searchTerms(search: string | null | undefined): string[] {
  const text = search?.trim() ?? '';
  if (text === '') return [];
  if (text.length > maxSearchCharacters || text.includes('\0')) {
    throw shownError('BAD_USER_INPUT', `"search" takes at most ${maxSearchCharacters} characters of text.`);
  }
  const words = new Set(text.split(/[\s\p{P}]+/u).filter((term) => term !== ''));
  return words.size === 0 ? [text] : [...words].slice(0, maxTerms);
}
