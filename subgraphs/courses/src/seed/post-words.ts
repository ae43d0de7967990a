import type { Random } from '@banyan/seed';
import type { Craft } from '@banyan/vocabulary';

export interface TopicWord {
  name: string;
  /** Null: everybody's. */
  craft: Craft | null;
  /** Undefined: used in every language. */
  language?: 'zh' | 'en';
  /** Talked of in the last two days above all. */
  trending: boolean;
}

const topics = (craft: Craft | null, trending: string, steady: string, english: string): TopicWord[] => [
  ...trending.split(' ').map((name) => ({ name, craft, language: 'zh' as const, trending: true })),
  ...steady.split(' ').map((name) => ({ name, craft, language: 'zh' as const, trending: false })),
  ...english.split(', ').map((name) => ({ name, craft, language: 'en' as const, trending: false })),
];

/** By the talk there is of them. */
export const topicWords: readonly TopicWord[] = [
  ...topics(
    null,
    '重阳节我们这样过 我的退休生活 公园里的秋天',
    '老照片里的故事 孙辈教我用手机 家常菜谱 晨练打卡 想说给儿女听的话 知青岁月',
    'Life after work, Letters from abroad, Grandchildren',
  ),
  ...topics(
    'VOCAL',
    '我和我的祖国合唱',
    '今天我领唱 气息练习 老歌新唱 练声打卡',
    'Songs we grew up with, Choir night',
  ),
  ...topics('CALLIGRAPHY', '每日一字', '楷书打卡 兰亭序临摹 春联提前写', 'Brush and ink'),
  ...topics('DANCE', '广场舞比赛', '新舞教学 慢三练习', 'Square dance abroad'),
  ...topics('PAPER_CUTTING', '窗花大赛', '一张红纸 生肖剪纸', 'Paper and scissors'),
  ...topics('PHOTO_RETOUCHING', '老照片修复', '手机拍秋色 修图前后', 'Before and after'),
  ...topics('YOGA', '椅子瑜伽', '睡前十分钟 肩颈不酸了', 'Chair yoga'),
  ...topics('HULUSI', '月光下的凤尾竹', '葫芦丝合奏 换气技巧', 'Hulusi practice'),
  ...topics('KEYBOARD', '双手终于合上了', '简谱弹老歌 每天半小时', 'Piano at seventy'),
  ...topics('OTHER', '阳台种菜', '手机小技巧 回忆录片段', 'English corner'),
];

const lines: Readonly<Record<Craft | 'ANY', readonly string[]>> = {
  VOCAL: [
    '今天把《茉莉花》从头到尾唱下来了，高音没有破，老师说气息稳了很多。',
    '早起练声二十分钟，邻居说听着比闹钟舒服。',
    '合唱团第一次合练，四个声部一起来的时候，眼泪都出来了。',
    '学会了用腹部呼吸，唱完一整首不喘了。',
  ],
  CALLIGRAPHY: [
    '临了一个月的《九成宫》，今天这个“永”字总算站住了。',
    '手抖的毛病，练字以后好多了，心也静了。',
    '给小区写了三十副春联，邻居们排着队来拿。',
    '请大家看看这一撇，总觉得软，是不是笔提得太快？',
  ],
  PAPER_CUTTING: [
    '第一次剪出完整的团花，展开那一下真惊喜。',
    '跟着老师剪了一对喜鹊，贴在窗上，孙女说像真的。',
    '剪刀换了小号的，弯的地方顺手多了。',
  ],
  PHOTO_RETOUCHING: [
    '把父母六十年前的结婚照修好了，折痕没有了，妈妈看了好久。',
    '学会调曲线了，昨天拍的银杏终于像看到的那样黄。',
    '修图前后放在一起，老伴说前面那张才像我，哈哈。',
  ],
  YOGA: [
    '坐在椅子上也能练，肩膀放下来的感觉真好。',
    '坚持三个月，弯腰能摸到脚踝了。',
    '睡前拉伸十分钟，昨晚一觉到天亮。',
  ],
  DANCE: [
    '新舞学到第三段，转身总慢半拍，明天接着练。',
    '我们队在街道比赛拿了第二名，平均年龄六十八！',
    '慢三走对了，老伴说终于不踩他的脚了。',
  ],
  HULUSI: [
    '《月光下的凤尾竹》能吹下来了，就是换气还急。',
    '葫芦丝到手第七天，邻居开始敲墙了，改到公园去练。',
    '长音稳了十五秒，记一笔。',
  ],
  KEYBOARD: [
    '右手会了，左手会了，两只手一起就都不会了，慢慢来。',
    '七十岁学琴，今天弹完了《送别》，给自己鼓掌。',
    '用简谱弹《洪湖水浪打浪》，老姐妹们跟着唱起来。',
  ],
  OTHER: [
    '阳台的小番茄红了，第一盘给了楼下的老张。',
    '学会用手机挂号了，再也不用一早去排队。',
    '回忆录写到一九七八年，那年我收到了录取通知书。',
  ],
  ANY: [
    '翻出一张老照片，那时候我们都还年轻。',
    '孙子教我发语音，教了三遍没有嫌我慢。',
    '公园的桂花开了，走一圈衣服都是香的。',
    '今天煮了小时候的红薯粥，味道一点没变。',
    '想对儿女说：我们过得很好，你们安心工作。',
    '当年一起下乡的同学在这里找到了三个，约好春天见面。',
  ],
};
const closings = ['', '', '大家多指点。', '和大家分享。', '明天继续。', '谢谢老师！'] as const;

const englishLines = [
  'I sang the whole song without stopping today. My teacher says the breath is steady now.',
  'Found a photograph of all of us from 1968. I can still name everyone.',
  'Practised with the window open; the neighbours clapped.',
  'My granddaughter and I joined the class together, eight thousand miles apart.',
  'Three months ago I could not hold the brush still. Look at this stroke.',
  'Ten minutes every morning, and my shoulders do not ache any more.',
  'Seventy-one, and I played it with both hands.',
] as const;

const comments = [
  '真好，看得我也想试试。',
  '太棒了，向您学习！',
  '老师说得对，慢就是快。',
  '我也是这样过来的，坚持就好。',
  '看哭了。',
  '这个颜色配得真好。',
  '请问用的是什么纸？',
  '比上周进步多了。',
  '一起加油！',
  '您这精神头，哪像七十岁。',
  '存下来给我妈看看。',
  '第三句的气口可以再早一点点。',
  '羡慕，我还在第一课。',
  '周末公园见。',
] as const;
const englishComments = [
  'Lovely. You give me courage.',
  'How long did it take you?',
  'I am still at lesson one!',
  'My mother would have liked this.',
  'Well done, keep going.',
] as const;

/** What somebody writes of a craft, or of life. */
export function bodyOf(random: Random, craft: Craft | null, language: 'zh' | 'en'): string {
  if (language === 'en') return random.pick(englishLines);
  return random.pick(lines[craft ?? 'ANY']) + random.pick(closings);
}

export function commentOf(random: Random, language: 'zh' | 'en'): string {
  return random.pick(language === 'en' ? englishComments : comments);
}
