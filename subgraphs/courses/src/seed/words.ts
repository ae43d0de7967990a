import type { Random } from '@banyan/seed';
import type { Craft } from '@banyan/vocabulary';

interface CraftWords {
  chinese: string;
  english: string;
  /** What is taught, in both languages. */
  subjects: readonly (readonly [string, string])[];
}

const craft = (chinese: string, english: string, ...subjects: [string, string][]): CraftWords => ({
  chinese,
  english,
  subjects,
});

export const craftWords: Readonly<Record<Craft, CraftWords>> = {
  VOCAL: craft(
    '声乐',
    'singing',
    ['民歌大家唱', 'Folk Songs Together'],
    ['科学发声', 'Healthy Voice'],
    ['经典老歌', 'Golden Oldies'],
    ['合唱排练厅', 'Choir Rehearsal'],
    ['戏曲唱段赏学', 'Opera Arias'],
  ),
  CALLIGRAPHY: craft(
    '书法',
    'calligraphy',
    ['楷书从零开始', 'Regular Script from Zero'],
    ['行书随心写', 'Running Script'],
    ['春联自己写', 'Write Your Own Couplets'],
    ['隶书之美', 'Clerical Script'],
    ['硬笔好字', 'Pen Calligraphy'],
  ),
  PAPER_CUTTING: craft(
    '剪纸',
    'paper cutting',
    ['窗花剪纸', 'Window Flowers'],
    ['生肖剪纸', 'Zodiac Animals'],
    ['套色剪纸', 'Layered Colours'],
    ['喜字与团花', 'Wedding Rosettes'],
    ['立体剪纸', 'Paper Sculpture'],
  ),
  PHOTO_RETOUCHING: craft(
    '修图',
    'photo retouching',
    ['手机修图', 'Retouching on a Phone'],
    ['老照片修复', 'Restoring Old Photographs'],
    ['旅行相册制作', 'Travel Albums'],
    ['人像美化', 'Portraits'],
    ['短视频剪辑', 'Short Videos'],
  ),
  YOGA: craft(
    '瑜伽',
    'yoga',
    ['椅子瑜伽', 'Chair Yoga'],
    ['肩颈舒缓', 'Shoulders and Neck'],
    ['呼吸与冥想', 'Breath and Stillness'],
    ['膝关节友好瑜伽', 'Knee-Friendly Yoga'],
    ['睡前拉伸', 'Stretching before Bed'],
  ),
  DANCE: craft(
    '舞蹈',
    'dance',
    ['广场舞新曲目', 'Square Dance'],
    ['民族舞基础', 'Folk Dance Basics'],
    ['交谊舞慢三', 'Slow Waltz'],
    ['古典舞身韵', 'Classical Dance'],
    ['水兵舞', 'Sailor Dance'],
  ),
  HULUSI: craft(
    '葫芦丝',
    'hulusi',
    ['葫芦丝零基础', 'Hulusi for Beginners'],
    ['月光下的凤尾竹', 'Bamboo in the Moonlight'],
    ['葫芦丝气息', 'Breath for the Hulusi'],
    ['葫芦丝名曲', 'Famous Hulusi Tunes'],
    ['葫芦丝合奏', 'Hulusi Ensemble'],
  ),
  KEYBOARD: craft(
    '电子琴',
    'keyboard',
    ['电子琴入门', 'Keyboard for Beginners'],
    ['双手配合练习', 'Both Hands'],
    ['简谱弹老歌', 'Old Songs by Numbers'],
    ['和弦伴奏', 'Chords'],
    ['钢琴小品', 'Easy Piano Pieces'],
  ),
  OTHER: craft(
    '生活',
    'everyday life',
    ['智能手机轻松用', 'Your Phone, Made Easy'],
    ['家庭养花', 'Flowers at Home'],
    ['健康厨房', 'Healthy Kitchen'],
    ['英语口语角', 'English Corner'],
    ['回忆录写作', 'Writing Your Memoirs'],
  ),
};

export const levels = [
  { chinese: '零基础班', english: 'beginners' },
  { chinese: '入门班', english: 'first steps' },
  { chinese: '提高班', english: 'going further' },
  { chinese: '周末班', english: 'at weekends' },
  { chinese: '晨练班', english: 'in the morning' },
] as const;

const promises = [
  '每周一次直播，可以连麦，老师当场点评。',
  '大字课件，慢速示范，听不懂可以随时举手。',
  '一次只学一点，当天就能用上。',
  '课后有小站交流，作业不打分，只鼓励。',
  '适合六十岁以上的朋友，家里有张桌子就能学。',
] as const;
const promisesEnglish = [
  'Once a week, live; raise your hand and be heard.',
  'Large print, slow steps, no marks.',
  'A little each time, of use the same day.',
] as const;

/** What a course says of itself, in both languages. */
export function summaryOf(random: Random, subject: { chinese: string; english: string }): string {
  const [first, second] = random.sample(promises, 2);
  return `${subject.chinese}：${first}${second} ${subject.english}: ${random.pick(promisesEnglish)}`;
}
