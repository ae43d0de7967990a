import type { CircleTheme, Craft } from '@banyan/vocabulary';
import type { TrustCurrency } from './words.ts';

/** Words by which a circle's name or description speaks of a craft. */
const spokenOf: Readonly<Record<Exclude<Craft, 'OTHER'>, RegExp>> = {
  VOCAL: /声乐|合唱|歌唱|唱歌|红歌|戏曲|京剧|\b(choir|choral|sing(ing|ers?)?|vocal|opera)\b/i,
  CALLIGRAPHY: /书法|毛笔|国画|文房|\b(calligraph\w*|brush and ink|ink painting)\b/i,
  PAPER_CUTTING: /剪纸|手工|\b(paper[ -]?cut\w*|handicrafts?)\b/i,
  PHOTO_RETOUCHING: /摄影|修图|拍照|\b(photo\w*|retouch\w*)\b/i,
  YOGA: /瑜伽|太极|八段锦|\b(yoga|tai ?chi|qigong)\b/i,
  DANCE: /舞|\b(danc(e|es|ing|ers?))\b/i,
  HULUSI: /葫芦丝|民乐|笛子|\b(hulusi|flutes?|folk music)\b/i,
  KEYBOARD: /电子琴|钢琴|\b(keyboards?|piano)\b/i,
};

/** The crafts that a circle is about, by its own words; what a portrait's interests are matched with. */
export function tagsOf(circle: { name: string; about: string }): Craft[] {
  const text = `${circle.name}\n${circle.about}`;
  return Object.entries(spokenOf).flatMap(([craft, words]) => (words.test(text) ? [craft as Craft] : []));
}

/** What members of a circle of this theme trust each other for, to begin with. */
export function trustCurrencyOf(theme: CircleTheme): TrustCurrency[] {
  switch (theme) {
    case 'GIVING':
    case 'HEALTH':
      return ['SHARED_VALUES'];
    case 'SHOPPING':
    case 'WEALTH':
    case 'CREDIT_LIVING':
      return ['PAYMENT_HISTORY'];
    case 'DINING':
      return ['PAYMENT_HISTORY', 'NEIGHBOURHOOD'];
    case 'ENTERTAINMENT':
    case 'CONCERT':
    case 'FITNESS':
    case 'LEARNING':
      return ['SHARED_INTEREST'];
    default:
      return theme satisfies never;
  }
}
