import type { Wording } from '@banyan/kit/graphql';
import type { NotificationKind } from './notification-kinds.ts';

/** What a notification says. */
export interface NotificationWords {
  readonly title: Wording;
  readonly body: Wording;
}

/** Names that the reader knows the people and organisations by, and words of the event. */
export interface NotificationNames {
  readonly person: string | null;
  readonly organisation: string | null;
  readonly reason: string | null;
}

type Sentence = (names: { who: string; where: string; because: string }) => string;
interface Template {
  readonly title: Wording;
  readonly en: Sentence;
  readonly zh: Sentence;
}

const templates: Readonly<Record<NotificationKind, Template>> = {
  RELATIVE_ASKS: {
    title: { en: 'A relative asks you', zh: '亲属关系待确认' },
    en: ({ who }) => `${who} says to be your relative. Is it so?`,
    zh: ({ who }) => `${who}请您确认亲属关系。`,
  },
  RELATIVE_CONFIRMED: {
    title: { en: 'A relative has confirmed', zh: '亲属关系已确认' },
    en: ({ who }) => `${who} has confirmed to be your relative.`,
    zh: ({ who }) => `${who}已确认与您的亲属关系。`,
  },
  RELATIVE_REVOKED: {
    title: { en: 'A relative is no longer confirmed', zh: '亲属关系已解除' },
    en: ({ who }) => `${who} has taken the confirmation back.`,
    zh: ({ who }) => `${who}已解除与您的亲属关系。`,
  },
  ORGANISATION_MEMBER_SET: {
    title: { en: 'Your role in an organisation', zh: '机构角色变更' },
    en: ({ where }) => `You have a role in ${where}.`,
    zh: ({ where }) => `您在${where}的角色已更新。`,
  },
  ORGANISATION_VERIFIED: {
    title: { en: 'Organisation verified', zh: '机构认证通过' },
    en: ({ where }) => `A reviewer has verified ${where}.`,
    zh: ({ where }) => `${where}已通过认证。`,
  },
  ORGANISATION_REFUSED: {
    title: { en: 'Organisation not verified', zh: '机构认证未通过' },
    en: ({ where, because }) => `A reviewer has not verified ${where}. ${because}`.trim(),
    zh: ({ where, because }) => `${where}未通过认证。${because}`,
  },
  REAL_NAME_VERIFIED: {
    title: { en: 'Name verified', zh: '实名认证通过' },
    en: () => 'Your legal name is verified.',
    zh: () => '您的实名认证已通过。',
  },
  REAL_NAME_FAILED: {
    title: { en: 'Name not verified', zh: '实名认证未通过' },
    en: () => 'The check of your name was not passed. You may try again.',
    zh: () => '您的实名认证未通过，可以重新提交。',
  },
  CAMPAIGN_LIVE: {
    title: { en: 'Campaign live', zh: '项目已上线' },
    en: () => 'Your campaign takes gifts now.',
    zh: () => '您的项目已开始接受捐助。',
  },
  CAMPAIGN_PAUSED: {
    title: { en: 'Campaign paused', zh: '项目已暂停' },
    en: () => 'Your campaign is paused.',
    zh: () => '您的项目已暂停。',
  },
  CAMPAIGN_ENDED: {
    title: { en: 'Campaign ended', zh: '项目已结束' },
    en: () => 'Your campaign has ended.',
    zh: () => '您的项目已结束。',
  },
  PRAISE_RECEIVED: {
    title: { en: 'Praise for you', zh: '收到赞赏' },
    en: ({ who }) => `${who} praised what you showed.`,
    zh: ({ who }) => `${who}为您的作品点赞。`,
  },
  WAITLIST_PROMOTED: {
    title: { en: 'A seat for you', zh: '候补成功' },
    en: () => 'A seat became free in a course, and it is yours.',
    zh: () => '您候补的课程有了空位，已为您报名成功。',
  },
};

/** The wording of a notification, in the languages that Banyan speaks. */
export function wordsOf(kind: NotificationKind, names: NotificationNames): NotificationWords {
  const { title, en, zh } = templates[kind];
  const because = names.reason ?? '';
  return {
    title,
    body: {
      en: en({ who: names.person ?? 'Somebody', where: names.organisation ?? 'your organisation', because }),
      zh: zh({ who: names.person ?? '有人', where: names.organisation ?? '您的机构', because }),
    },
  };
}
