import type { Wording } from '@banyan/kit/graphql';
import type { SignalPoints } from './trust.ts';

/** What a signal is for, in the languages that Banyan speaks. */
export function explain({ kind, count }: SignalPoints): Wording {
  const times = (one: string, many: string) => (count === 1 ? one : many);
  switch (kind) {
    case 'START':
      return { en: 'Everybody begins with some trust.', zh: '每个人都从一份基本信任开始。' };
    case 'REAL_NAME':
      return { en: 'Your legal name is verified.', zh: '您已完成实名认证。' };
    case 'RELATIVES':
      return {
        en: `${count} ${times('relative has', 'relatives have')} confirmed you.`,
        zh: `${count} 位亲属已确认与您的关系。`,
      };
    case 'GIVING':
      return {
        en: `You gave to ${count} ${times('campaign', 'campaigns')}; the amount does not matter.`,
        zh: `您帮助过 ${count} 个项目，与金额多少无关。`,
      };
    case 'LEARNING':
      return {
        en: `You enrolled in ${count} ${times('course', 'courses')}.`,
        zh: `您参加了 ${count} 门课程。`,
      };
    case 'PRAISE':
      return {
        en: `${count} ${times('person has', 'people have')} praised what you showed.`,
        zh: `${count} 位朋友为您的作品点赞。`,
      };
    case 'BELONGING':
      return {
        en: `You belong to ${count} ${times('circle', 'circles')}.`,
        zh: `您加入了 ${count} 个圈子。`,
      };
    default:
      return kind satisfies never;
  }
}
