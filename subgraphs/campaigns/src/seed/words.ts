import type { CampaignKind } from '@banyan/vocabulary';
import type { Random } from '@banyan/seed';

/** A text in both languages. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
const both = (zh: string, en: string): Bilingual => ({ zh, en });

/** What an illness is called and what the money is for. */
export const illnesses: readonly {
  readonly name: Bilingual;
  readonly need: Bilingual;
  readonly goalYuan: number;
}[] = [
  {
    name: both('急性白血病', 'acute leukaemia'),
    need: both('骨髓移植', 'a marrow transplant'),
    goalYuan: 400_000,
  },
  {
    name: both('尿毒症', 'kidney failure'),
    need: both('肾移植和长期透析', 'dialysis and a new kidney'),
    goalYuan: 300_000,
  },
  {
    name: both('脑出血', 'a brain haemorrhage'),
    need: both('手术和康复', 'surgery and rehabilitation'),
    goalYuan: 200_000,
  },
  { name: both('肺癌', 'lung cancer'), need: both('靶向药', 'a targeted drug'), goalYuan: 180_000 },
  {
    name: both('心脏瓣膜病', 'heart valve disease'),
    need: both('换瓣手术', 'a new valve'),
    goalYuan: 150_000,
  },
  { name: both('重度烧伤', 'severe burns'), need: both('植皮手术', 'skin grafts'), goalYuan: 250_000 },
  {
    name: both('再生障碍性贫血', 'aplastic anaemia'),
    need: both('造血干细胞移植', 'a stem cell transplant'),
    goalYuan: 350_000,
  },
  {
    name: both('骨折术后感染', 'an infected fracture'),
    need: both('二次手术', 'a second operation'),
    goalYuan: 80_000,
  },
  {
    name: both('帕金森病', 'Parkinson’s disease'),
    need: both('脑起搏器', 'a brain stimulator'),
    goalYuan: 220_000,
  },
  {
    name: both('乳腺癌', 'breast cancer'),
    need: both('化疗和手术', 'chemotherapy and surgery'),
    goalYuan: 160_000,
  },
];

type Cause = readonly [title: Bilingual, story: Bilingual, goalYuan: number];

const publicCauses: readonly Cause[] = [
  [
    both('给乡村老人一顿热饭', 'A warm meal for village elders'),
    both(
      '每天中午，志愿者把热饭送到独居老人手里。',
      'Every noon volunteers carry a warm meal to elders who live alone.',
    ),
    500_000,
  ],
  [
    both('儿童大病紧急救助', 'Urgent help for gravely ill children'),
    both(
      '第一笔押金往往决定孩子能不能住进病房。',
      'The first deposit often decides whether a child gets a bed.',
    ),
    2_000_000,
  ],
  [
    both('村里的康复室', 'A rehabilitation room in the village'),
    both('让中风后的老人在家门口做康复。', 'So that those who had a stroke can recover close to home.'),
    800_000,
  ],
  [
    both('山里孩子的眼镜', 'Glasses for children in the hills'),
    both('一副眼镜，让黑板上的字清楚起来。', 'A pair of glasses makes the blackboard readable.'),
    300_000,
  ],
  [
    both('肾友车费援助', 'Bus fares for dialysis patients'),
    both('每周三次透析，车费也是一道坎。', 'Three dialysis sessions a week: the fare is a hurdle too.'),
    400_000,
  ],
  [
    both('银发课堂进社区', 'Classes for elders in every quarter'),
    both('让更多老人学唱歌、学书法、学用手机。', 'Singing, calligraphy and the telephone, for more elders.'),
    600_000,
  ],
];
const dreams: readonly Cause[] = [
  [
    both('七十岁的第一场独唱音乐会', 'A first recital at seventy'),
    both(
      '我们唱了一辈子，想在台上唱一次。',
      'We have sung all our lives, and would like to stand on a stage once.',
    ),
    60_000,
  ],
  [
    both('把老街画下来', 'Painting the old street before it goes'),
    both('三十位老人用画笔记下即将改造的老街。', 'Thirty elders record the old street with their brushes.'),
    40_000,
  ],
  [
    both('葫芦丝乐团去北京', 'The hulusi band goes to Beijing'),
    both('云南的葫芦丝，想吹给更多人听。', 'Flutes from Yunnan would like to be heard by more people.'),
    80_000,
  ],
  [
    both('奶奶们的时装秀', 'The grandmothers’ fashion show'),
    both('平均年龄六十八岁，我们自己缝、自己走。', 'Sixty-eight on average: we sew it and we walk it.'),
    50_000,
  ],
];
const products: readonly Cause[] = [
  [
    both('老匠人手工剪纸日历', 'A calendar of paper cuttings by old hands'),
    both('十二位剪纸老人，十二个月。', 'Twelve paper cutters, twelve months.'),
    100_000,
  ],
  [
    both('为老人设计的大字棋谱', 'A chess book in large print'),
    both('字大，纸厚，翻得开。', 'Large letters, thick paper, lies flat.'),
    70_000,
  ],
  [
    both('高山老树红茶', 'Black tea from old mountain trees'),
    both(
      '茶农平均六十五岁，茶树一百五十岁。',
      'The growers are sixty-five on average, the trees a hundred and fifty.',
    ),
    120_000,
  ],
  [
    both('轻便折叠助行器', 'A light folding walker'),
    both('两公斤，一只手就能收起来。', 'Two kilograms, folded with one hand.'),
    300_000,
  ],
];

/** The cause of a campaign that is not for one ill person. */
export function causeOf(kind: Exclude<CampaignKind, 'PERSONAL_HELP'>, random: Random): Cause {
  switch (kind) {
    case 'PUBLIC_FUNDRAISING':
      return random.pick(publicCauses);
    case 'DREAM':
      return random.pick(dreams);
    case 'PRODUCE':
      return random.pick(products);
    default:
      return kind satisfies never;
  }
}

export const messages = [
  '早日康复！',
  '加油，会好起来的。',
  '一点心意，平安是福。',
  '我们唱歌班的姐妹都惦记着你们。',
  '好人一生平安',
  '坚持住，春天就要来了。',
  '愿手术顺利！',
  '同是做父母的，懂你的心。',
  '钱不多，尽一份力。',
  'Get well soon.',
  'Stay strong, you are not alone.',
  'From a friend in Singapore, with love.',
] as const;
