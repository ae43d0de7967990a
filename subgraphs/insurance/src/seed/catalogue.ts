import type { Wording } from '@banyan/kit/graphql';
import type { Question } from '../domain/questions.ts';
import type { Cover } from '../domain/words.ts';

/** A product of the seed as it is written down; the number is the cast's. */
export interface CatalogueRow {
  readonly number: number;
  readonly code: string;
  readonly cover: Cover;
  readonly ages: readonly [min: number, max: number];
  readonly regions: readonly string[];
  readonly name: Wording;
  /** What a year costs at 18, in minor units. */
  readonly baseMinor: number;
}

type Row = readonly [
  code: string,
  cover: Cover,
  min: number,
  max: number,
  regions: readonly string[],
  zh: string,
  en: string,
  baseMinor: number,
];

const mainland = ['CN'] as const;
const hongKong = ['HK'] as const;

const rows: readonly Row[] = [
  ['EVERGREEN-CARE', 'CARE', 45, 80, mainland, '长青长期护理险', 'Evergreen Long-Term Care', 48_000],
  ['CALM-MEDICAL-MILLION', 'MEDICAL', 18, 70, mainland, '安澜百万医疗险', 'Calm Million Medical', 26_800],
  ['SOUTHWIND-ACCIDENT', 'ACCIDENT', 18, 80, mainland, '南风综合意外险', 'South Wind Accident', 9_800],
  ['LIONROCK-MEDICAL', 'MEDICAL', 18, 75, hongKong, '狮山自愿医保', 'Lion Rock Medical', 98_000],
  [
    'EVERGREEN-CRITICAL',
    'CRITICAL_ILLNESS',
    18,
    60,
    mainland,
    '长青重疾险',
    'Evergreen Critical Illness',
    88_000,
  ],
  [
    'CALM-SENIOR-CANCER',
    'CRITICAL_ILLNESS',
    45,
    80,
    mainland,
    '安澜老年防癌险',
    'Calm Senior Cancer',
    39_800,
  ],
  [
    'SOUTHWIND-SENIOR-FALL',
    'ACCIDENT',
    60,
    100,
    mainland,
    '南风老年骨折险',
    'South Wind Senior Fracture',
    6_800,
  ],
  ['LIONROCK-ACCIDENT', 'ACCIDENT', 18, 80, ['HK', 'SG'], '狮山意外保', 'Lion Rock Accident', 22_000],
  [
    'EVERGREEN-SILVER',
    'ACCIDENT',
    45,
    80,
    ['CN-SH', 'CN-JS', 'CN-ZJ'],
    '长青银龄意外险',
    'Evergreen Silver Accident',
    8_800,
  ],
  ['CALM-CHRONIC', 'MEDICAL', 45, 80, mainland, '安澜慢病医疗险', 'Calm Chronic Conditions', 59_800],
  ['SOUTHWIND-COMMUTE', 'ACCIDENT', 18, 69, mainland, '南风交通意外险', 'South Wind Travel to Work', 4_900],
  [
    'LIONROCK-CRITICAL',
    'CRITICAL_ILLNESS',
    18,
    65,
    hongKong,
    '狮山危疾保',
    'Lion Rock Critical Illness',
    168_000,
  ],
  ['EVERGREEN-HOSPITAL', 'MEDICAL', 18, 80, mainland, '长青住院津贴险', 'Evergreen Hospital Cash', 15_800],
  [
    'CALM-CITY',
    'MEDICAL',
    18,
    100,
    ['CN-BJ', 'CN-SH', 'CN-GD', 'CN-SC'],
    '安澜城市惠民保',
    'Calm City Medical',
    6_900,
  ],
  ['SOUTHWIND-JOURNEY', 'ACCIDENT', 18, 80, [], '南风旅行险', 'South Wind Journey', 5_900],
  ['LIONROCK-CARE', 'CARE', 45, 80, hongKong, '狮山护理保', 'Lion Rock Care', 128_000],
  ['EVERGREEN-MEMORY', 'CARE', 60, 80, mainland, '长青失智照护险', 'Evergreen Memory Care', 69_800],
  ['CALM-HOME-CARE', 'CARE', 60, 100, mainland, '安澜居家照护险', 'Calm Home Care', 52_000],
  ['SOUTHWIND-GUARD', 'ACCIDENT', 18, 100, [], '南风公益守护险', 'South Wind Guard', 1_900],
  ['LIONROCK-WORLD', 'MEDICAL', 18, 100, [], '狮山环球医疗', 'Lion Rock World Medical', 480_000],
];

export const catalogue: readonly CatalogueRow[] = rows.map(
  ([code, cover, min, max, regions, zh, en, baseMinor], index) => ({
    number: index + 1,
    code,
    cover,
    ages: [min, max],
    regions,
    name: { zh, en },
    baseMinor,
  }),
);

/** Products that have an older version beside the one of the cast. */
export function hasOlderVersion({ number }: CatalogueRow): boolean {
  return number % 4 === 1;
}

const yes = (reason: Wording) => [{ kind: 'ANSWER_IS' as const, values: ['YES'], reason }];

const hospital: Question = {
  key: 'hospital',
  text: {
    zh: '过去两年内是否住院或被建议住院？',
    en: 'In hospital in the last two years, or told to go there?',
  },
  kind: 'YES_NO',
  choices: [],
  required: true,
  declines: yes({
    zh: '近两年有住院史，暂不承保。',
    en: 'Not insurable within two years of a hospital stay.',
  }),
};
const tumour: Question = {
  key: 'tumour',
  text: { zh: '是否曾被诊断患有恶性肿瘤？', en: 'Ever diagnosed with a malignant tumour?' },
  kind: 'YES_NO',
  choices: [],
  required: true,
  declines: yes({ zh: '曾患恶性肿瘤，暂不承保。', en: 'Not insurable after a malignant tumour.' }),
};
const pressure: Question = {
  key: 'systolic',
  text: { zh: '最近一次收缩压（毫米汞柱）', en: 'Last systolic blood pressure, in mmHg' },
  kind: 'NUMBER',
  choices: [],
  required: false,
  declines: [
    {
      kind: 'NUMBER_OUTSIDE',
      least: 80,
      most: 180,
      reason: { zh: '血压超出承保范围。', en: 'Blood pressure outside what is insured.' },
    },
  ],
};
const smoking: Question = {
  key: 'smoking',
  text: { zh: '吸烟情况', en: 'Smoking' },
  kind: 'CHOICE',
  choices: ['从不 never', '已戒 given up', '吸烟 smokes'],
  required: true,
  declines: [],
};
const work: Question = {
  key: 'work',
  text: { zh: '日常活动或职业', en: 'Occupation, or what one does in a day' },
  kind: 'CHOICE',
  choices: ['退休 retired', '室内 indoors', '户外 outdoors', '高空 at heights'],
  required: true,
  declines: [
    {
      kind: 'ANSWER_IS',
      values: ['高空 at heights'],
      reason: { zh: '高空作业不在承保范围。', en: 'Work at heights is not insured.' },
    },
  ],
};
const alone: Question = {
  key: 'daily-living',
  text: { zh: '是否需要他人协助穿衣、进食或行走？', en: 'Is help needed to dress, eat or walk?' },
  kind: 'YES_NO',
  choices: [],
  required: true,
  declines: yes({ zh: '已处于护理状态，暂不承保。', en: 'Not insurable once care is needed.' }),
};

export const questionsOf: Readonly<Record<Cover, readonly Question[]>> = {
  MEDICAL: [hospital, pressure],
  CRITICAL_ILLNESS: [tumour, smoking],
  ACCIDENT: [work],
  CARE: [alone],
};

export const exclusionsOf: Readonly<Record<Cover, readonly Wording[]>> = {
  MEDICAL: [
    { zh: '投保前已患疾病', en: 'Illness from before the start' },
    { zh: '美容与整形', en: 'Cosmetic surgery' },
  ],
  CRITICAL_ILLNESS: [
    { zh: '等待期（90 天）内确诊', en: 'Diagnosis within the first 90 days' },
    { zh: '先天性疾病', en: 'Congenital conditions' },
  ],
  ACCIDENT: [
    { zh: '酒后驾驶', en: 'Driving under the influence' },
    { zh: '高风险运动', en: 'High-risk sports' },
  ],
  CARE: [{ zh: '投保前已需护理', en: 'Care needed before the start' }],
};

/** An answer that no insurer minds. */
export function harmlessAnswer(question: Question): string {
  switch (question.kind) {
    case 'YES_NO':
      return 'NO';
    case 'NUMBER':
      return '125';
    case 'CHOICE':
      return question.choices[0] ?? '';
    case 'TEXT':
      return '无';
    case 'DATE':
      return '2026-01-01';
    default:
      return question.kind satisfies never;
  }
}
