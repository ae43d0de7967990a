import type { Random } from './random.ts';

export type Gender = 'F' | 'M';
type Pair = readonly [chinese: string, latin: string];

/** A name in both scripts; `latin` is given name first, as abroad. */
export interface BilingualName {
  readonly chinese: string;
  readonly latin: string;
  readonly surname?: Pair;
}

const pairs = (text: string): Pair[] =>
  text.split(' ').map((entry) => {
    const [chinese = '', latin = ''] = entry.split(':');
    return [chinese, latin];
  });

const surnames = pairs(
  '王:Wang 李:Li 张:Zhang 刘:Liu 陈:Chen 杨:Yang 黄:Huang 赵:Zhao 吴:Wu 周:Zhou 徐:Xu 孙:Sun 马:Ma 朱:Zhu 胡:Hu ' +
    '郭:Guo 何:He 高:Gao 林:Lin 罗:Luo 郑:Zheng 梁:Liang 谢:Xie 宋:Song 唐:Tang 许:Xu 韩:Han 冯:Feng 邓:Deng 曹:Cao ' +
    '彭:Peng 曾:Zeng 肖:Xiao 田:Tian 董:Dong 潘:Pan 袁:Yuan 蔡:Cai 蒋:Jiang 余:Yu 于:Yu 杜:Du 叶:Ye 程:Cheng 魏:Wei ' +
    '苏:Su 吕:Lü 丁:Ding 任:Ren 卢:Lu 姚:Yao 沈:Shen 钟:Zhong 姜:Jiang 崔:Cui 谭:Tan 陆:Lu 范:Fan 汪:Wang 欧阳:Ouyang',
);

const womenBefore1962 = pairs(
  '秀英:Xiuying 桂英:Guiying 秀兰:Xiulan 玉兰:Yulan 桂兰:Guilan 凤英:Fengying 玉珍:Yuzhen 淑珍:Shuzhen 秀珍:Xiuzhen ' +
    '玉梅:Yumei 淑华:Shuhua 金凤:Jinfeng 秀云:Xiuyun 桂芳:Guifang 玉华:Yuhua 淑芬:Shufen 美珍:Meizhen 素珍:Suzhen ' +
    '爱华:Aihua 月英:Yueying 惠英:Huiying 慧珍:Huizhen 雪梅:Xuemei 春兰:Chunlan 瑞芳:Ruifang 丽华:Lihua',
);
const womenSince1962 = pairs(
  '丽娟:Lijuan 美玲:Meiling 红梅:Hongmei 晓燕:Xiaoyan 海燕:Haiyan 静:Jing 敏:Min 丽:Li 艳:Yan 娟:Juan 芳:Fang 燕:Yan ' +
    '小红:Xiaohong 志红:Zhihong 建英:Jianying 春燕:Chunyan 玉玲:Yuling 文静:Wenjing 雅琴:Yaqin 晓梅:Xiaomei ' +
    '婷:Ting 慧敏:Huimin 莉莉:Lili 雪:Xue 颖:Ying 佳慧:Jiahui',
);
const menBefore1962 = pairs(
  '建国:Jianguo 国华:Guohua 德明:Deming 志明:Zhiming 文斌:Wenbin 国平:Guoping 福生:Fusheng 永福:Yongfu 长林:Changlin ' +
    '树林:Shulin 德华:Dehua 广财:Guangcai 金生:Jinsheng 世昌:Shichang 玉堂:Yutang 宝山:Baoshan 光荣:Guangrong ' +
    '援朝:Yuanchao 卫东:Weidong 建华:Jianhua 忠:Zhong 振华:Zhenhua 家骏:Jiajun 耀宗:Yaozong 少华:Shaohua 万福:Wanfu',
);
const menSince1962 = pairs(
  '志强:Zhiqiang 伟:Wei 勇:Yong 军:Jun 涛:Tao 强:Qiang 磊:Lei 建军:Jianjun 文军:Wenjun 海涛:Haitao 俊杰:Junjie ' +
    '晓东:Xiaodong 志刚:Zhigang 国强:Guoqiang 永强:Yongqiang 明:Ming 斌:Bin 鹏:Peng 超:Chao 浩:Hao 立新:Lixin ' +
    '向阳:Xiangyang 爱民:Aimin 学军:Xuejun 宏伟:Hongwei 建平:Jianping',
);

const christianNames = {
  F: 'Margaret Grace Helen Alice Rose Irene Dorothy Catherine Susan Linda Joyce Nancy Teresa Shirley Judy'.split(
    ' ',
  ),
  M: 'Daniel Peter Henry Michael Thomas Albert Raymond David George Stephen Vincent Philip Patrick Kenneth'.split(
    ' ',
  ),
};

/** Names that elders like to go by online. */
const nicknames =
  '夕阳红 平安是福 知足常乐 岁月静好 春暖花开 快乐老人 上善若水 宁静致远 花开富贵 难得糊涂 一帆风顺 健康快乐 雨后彩虹 秋日私语 静待花开'.split(
    ' ',
  );

export function nameOf(
  random: Random,
  person: { gender: Gender; birthYear: number; abroad: boolean; surname?: Pair | undefined },
): BilingualName {
  const surname = person.surname ?? random.pick(surnames);
  const [given, givenLatin] = random.pick(givenNames(person.gender, person.birthYear));
  const first = person.abroad ? random.pick(christianNames[person.gender]) : givenLatin;
  return { chinese: surname[0] + given, latin: `${first} ${surname[1]}`, surname };
}

/** What a person shows to others: mostly the name, sometimes a nickname with a number to tell them apart. */
export function displayNameOf(random: Random, name: BilingualName, abroad: boolean): string {
  if (abroad) return name.latin;
  if (random.chance(0.75)) return name.chinese;
  return `${random.pick(nicknames)}${random.int(10, 99)}`;
}

function givenNames(gender: Gender, birthYear: number): Pair[] {
  if (gender === 'F') return birthYear < 1962 ? womenBefore1962 : womenSince1962;
  return birthYear < 1962 ? menBefore1962 : menSince1962;
}
