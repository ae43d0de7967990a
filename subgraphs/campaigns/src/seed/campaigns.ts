import { organisationOf, personOf, type CastCampaign, type Random, type SeedDay } from '@banyan/seed';
import type { Insertable } from 'kysely';
import type { CampaignsTable } from '../db/campaigns.ts';
import type { CampaignStatus } from '../domain/lifecycle.ts';
import { causeOf, illnesses } from './words.ts';

/** A campaign of the seed with its days. */
export interface SeedCampaign {
  readonly cast: CastCampaign;
  readonly row: Insertable<CampaignsTable> & { created_at: Date };
  /** Statuses since the beginning, with the days (before the seed's day) on which they came. */
  readonly history: readonly {
    readonly status: CampaignStatus;
    readonly daysAgo: number;
    readonly reason: string | null;
  }[];
  /** When it went live, in days ago; null when it never did. */
  readonly liveDaysAgo: number | null;
}

/** Invents what the cast leaves open: status, words, goal, days. */
export function inventCampaign(cast: CastCampaign, random: Random, day: SeedDay): SeedCampaign {
  const status = statusOf(cast, random);
  const liveDaysAgo = ['LIVE', 'PAUSED', 'ENDED'].includes(status) ? random.int(3, 25) : null;
  const createdDaysAgo = (liveDaysAgo ?? 0) + random.int(2, 6);
  const history = historyOf(status, createdDaysAgo, liveDaysAgo, random);
  const endsInDays = status === 'ENDED' ? -1 : random.int(10, 80);
  return {
    cast,
    history,
    liveDaysAgo,
    row: {
      id: cast.id,
      slug: cast.slug,
      kind: cast.kind,
      status,
      status_reason: history.at(-1)?.reason ?? null,
      ...wordsOf(cast, random),
      cover_url: null,
      organiser_id: personOf(cast.organiser).id,
      beneficiary_id: cast.beneficiary === null ? null : personOf(cast.beneficiary).id,
      beneficiary_named: cast.number === 1 || cast.relation === 'SELF' || random.chance(0.3),
      relation: cast.relation,
      charity_id: cast.charity === null ? null : organisationOf(cast.charity).id,
      hospital_id: cast.hospital === null ? null : organisationOf(cast.hospital).id,
      currency: 'CNY',
      region_code: cast.regionCode,
      created_at: day.at(-createdDaysAgo, 9),
      went_live_at: liveDaysAgo === null ? null : day.at(-liveDaysAgo, 10),
      ends_at: day.at(endsInDays, 23),
    },
  };
}

function statusOf(cast: CastCampaign, random: Random): CampaignStatus {
  if (cast.live) return 'LIVE';
  return random.weighted<CampaignStatus>([
    ['SUBMITTED', 4],
    ['IN_REVIEW', 3],
    ['NEEDS_INFO', 2],
    ['REJECTED', 2],
    ['PAUSED', 1],
    ['ENDED', 3],
  ]);
}

const reasons: Partial<Record<CampaignStatus, string>> = {
  NEEDS_INFO: '请补充近三个月的住院清单。Please add the hospital bills of the last three months.',
  REJECTED: '诊断材料与医院记录不符。The diagnosis does not match the hospital’s record.',
  PAUSED: '家属在核对用款计划。The family is checking the plan for the money.',
  ENDED: '已筹够手术费用，谢谢大家。Enough for the operation; thank you all.',
};

function historyOf(
  status: CampaignStatus,
  createdDaysAgo: number,
  liveDaysAgo: number | null,
  random: Random,
): SeedCampaign['history'] {
  const step = (each: CampaignStatus, daysAgo: number) => ({
    status: each,
    daysAgo,
    reason: reasons[each] ?? null,
  });
  const steps = [step('SUBMITTED', createdDaysAgo)];
  if (status === 'SUBMITTED') return steps;
  steps.push(step('IN_REVIEW', createdDaysAgo - 1));
  if (liveDaysAgo !== null) steps.push(step('LIVE', liveDaysAgo));
  if (status === 'LIVE' || status === 'IN_REVIEW') return steps;
  return [...steps, step(status, liveDaysAgo === null ? 1 : random.int(0, 1))];
}

function wordsOf(cast: CastCampaign, random: Random) {
  if (cast.number === 1) {
    return {
      title: '与白血病赛跑：帮志强完成骨髓移植 · A marrow transplant for Zhiqiang',
      story:
        '我叫陈桂兰，志强是我的独生儿子，今年确诊急性白血病。医生说移植的机会就在眼前，配型已经成功，只差手术费。' +
        '他教了十年书，学生们每天来医院看他。求大家帮他走完最后一步。\n\n' +
        'I am Guilan Chen. Zhiqiang is my only son; this year he was found to have acute leukaemia. A donor has been found and the ' +
        'transplant can be done, only the money is missing. He has been a teacher for ten years, and his pupils come every ' +
        'day. Please help him over the last step.',
      goal_minor: 60_000_000n,
      disease: '急性白血病',
    };
  }
  if (cast.kind !== 'PERSONAL_HELP') {
    const [title, story, goalYuan] = causeOf(cast.kind, random);
    return {
      title: `${title.zh} · ${title.en}`,
      story: `${story.zh}\n\n${story.en}`,
      goal_minor: BigInt(goalYuan * 100),
      disease: null,
    };
  }
  return helpWords(cast, random);
}

function helpWords(cast: CastCampaign, random: Random) {
  const { name, need, goalYuan } = random.pick(illnesses);
  const hospital = organisationOf(cast.hospital ?? 9);
  const organiser = personOf(cast.organiser);
  const who = {
    SELF: { zh: '我', en: 'me' },
    SPOUSE: { zh: '老伴', en: organiser.gender === 'F' ? 'my husband' : 'my wife' },
    PARENT: { zh: '父母', en: 'my parent' },
    CHILD: { zh: '孩子', en: 'my child' },
    GRANDPARENT: { zh: '祖辈', en: 'my grandparent' },
    GRANDCHILD: { zh: '孙辈', en: 'my grandchild' },
    SIBLING: { zh: '手足', en: 'my brother or sister' },
  }[cast.relation ?? 'SELF'];
  const share = random.int(4, 12) / 10;
  return {
    title: `帮${who.zh}战胜${name.zh} · Help ${who.en} through ${name.en}`,
    story:
      `${who.zh}得了${name.zh}，在${hospital.name}治疗，需要${need.zh}。家里能借的都借了，恳请大家伸出援手，每一笔钱都会用在治疗上。\n\n` +
      `It is ${name.en}, treated at ${hospital.latinName}; what is needed is ${need.en}. We have borrowed all that we could. Every ` +
      'gift goes into the treatment.',
    goal_minor: BigInt(Math.round((goalYuan * share) / 1_000) * 100_000),
    disease: name.zh,
  };
}
