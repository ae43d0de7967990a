import type { CircleTheme } from '@banyan/vocabulary';

interface Texts {
  readonly zh: readonly string[];
  readonly en: readonly string[];
}

export const posts: Readonly<Record<CircleTheme, Texts>> = {
  SHOPPING: {
    zh: [
      '这周的苹果团到了，个头匀称，坏果三个已经退款，收据贴在下面。',
      '有人买过这家的蚕丝被吗？导购说是百分百桑蚕丝，想请懂行的看看标签。',
      '提醒大家：昨天有人冒充本圈团长收定金，圈里从不私下收款。',
      '茶样试喝会周六下午两点，自带杯子，不买也欢迎。',
      '给老伴买助听器跑了三家，把价格和售后整理成表，需要的自取。',
    ],
    en: ['Compared three shops for a blood pressure monitor; the cheapest had the best guarantee.'],
  },
  ENTERTAINMENT: {
    zh: [
      '周三茶馆听《锁麟囊》，还剩六个座位，想去的接龙。',
      '昨晚一起看了《城南旧事》，看完大家都不想走，聊到九点半。',
      '新学的交谊舞四步录了一段，踩脚两次，请多包涵。',
      '象棋残局第十二期：红先胜，答案明天公布。',
      '清晨在公园拍的荷花，手机拍的，没修图。',
    ],
    en: ['We read Li Bai aloud this afternoon, half in English, and nobody minded the accents.'],
  },
  WEALTH: {
    zh: [
      '本月讲座：保险合同里的“等待期”和“免责条款”怎么看，周四晚七点半。',
      '凡是承诺“保本高息”的，请先打电话给家人，再打 96110。',
      '国债发售日提醒：手机银行就能买，不需要排队，不会操作的看图文教程。',
      '一位学员差点把养老钱转给“客服”，幸好先在圈里问了一句，分享给大家。',
    ],
    en: ['Question from last talk: no, a pension plan never asks you for a verification code.'],
  },
  DINING: {
    zh: [
      '今天做了无糖红豆糕，用代糖减半，孙女说不够甜，我说刚刚好。',
      '立冬包饺子，白菜猪肉馅，少盐多姜，附比例。',
      '泡菜坛子起白花了怎么办？试了加一勺白酒，第二天就好了。',
      '社区食堂这周三有清蒸鱼，十二块一份，七十岁以上八折。',
      '老广早茶搭子招募：周日八点半，四缺一。',
    ],
    en: ['Made kueh the way my mother did in Penang. The pandan leaf makes all the difference.'],
  },
  CONCERT: {
    zh: [
      '《我和我的祖国》二声部练习音频上传了，低声部注意换气。',
      '第一次完整吹完《月光下的凤尾竹》，手还在抖，录音请老师点评。',
      '新年音乐会定在下月十六日，曲目单和站位图在下面。',
      '电子琴左手和弦总跟不上，练了一周节拍器，终于能合上了。',
      '昨天去敬老院演出，九十二岁的李奶奶跟着全程打拍子。',
    ],
    en: ['Our choir here meets on Zoom at seven in the morning so that we can sing with you.'],
  },
  FITNESS: {
    zh: [
      '今天太极二十四式打卡，云手终于不顺拐了。',
      '椅子瑜伽第三十天，肩膀能举过头顶了，感谢周老师。',
      '下雨天在家练八段锦，视频放慢到零点七五倍正合适。',
      '上周走了五万八千步，膝盖没疼，关键是换了软底鞋。',
      '提醒：早上六度以下先热身十分钟再出门。',
    ],
    en: ['Thirty days of chair yoga done. I can tie my own shoes again!'],
  },
  CREDIT_LIVING: {
    zh: [
      '周二陪张阿姨去医院复查，用时三小时，请时间银行登记。',
      '电钻已归还，附了一盒新钻头，谢谢老赵。',
      '有周末去杭州方向的车吗？可以分摊油费，带两盒粽子。',
      '水龙头滴水，王师傅二十分钟修好，只收了材料费。',
    ],
    en: ['Lent my ladder three times this month and got it back three times, cleaner than before.'],
  },
  HEALTH: {
    zh: [
      '血压连续两周在 130 以下，主要是晚饭少了一半盐。',
      '化疗第四次结束，头发掉得差不多了，姐妹们送的帽子很暖。',
      '刘志强的治疗进展更新了，陈大姐说孩子这周能坐起来吃饭了，谢谢大家。',
      '记录一下：透析日早上少喝水，口干就含一片柠檬。',
      '有没有照顾失智家人的朋友？昨晚妈妈又找不到家门了，想听听你们怎么做。',
      '医生在线答疑整理：降压药不要自己停。',
    ],
    en: ['Six months after surgery and the cardiologist smiled for the first time.'],
  },
  LEARNING: {
    zh: [
      '今天临《兰亭序》第三行，“之”字写了四十遍。',
      '修图作业：把老伴三十年前的照片去了折痕，看得眼睛都湿了。',
      '窗花“连年有余”剪坏两张，第三张成了，贴在厨房。',
      '终于学会用手机给医院挂号，步骤写成八句话，大字版。',
      '家谱补到第六代，有没有会看繁体竖排的朋友？',
    ],
    en: ['My grandson says my characters look like print now. I choose to take it as praise.'],
  },
  GIVING: {
    zh: [
      '本周核实了三个求助家庭，材料和走访照片已交给平台，结果见公示。',
      '大家一起支持刘志强的项目，捐一块也是心意，转发前请先看进展。',
      '毛衣已寄出四十二件，山里收到后的照片在下面。',
      '有人问钱去哪儿了：每一笔都在公示里，不会看的我来教。',
      '今天献血满二十次，身体条件允许的话还想再去。',
    ],
    en: ['Sent ten dollars and a note from Singapore. It showed in the total at once.'],
  },
};

export const comments: Texts = {
  zh: [
    '说得真好，收藏了。',
    '谢谢分享，明天就去试试。',
    '为您点赞，坚持就是胜利！',
    '我家老头子也这样，理解您。',
    '报名，算我一个。',
    '字大一点就更好了，眼睛花。',
    '照片拍得真有味道。',
    '请问在哪里可以看到教程？',
    '已转给姐妹们。',
    '注意身体，别太累。',
    '祝早日康复，平平安安。',
    '老师点评得很细，学到了。',
    '哈哈，我也踩过脚。',
    '价格公道，放心。',
  ],
  en: ['Well done!', 'Thank you for telling us.', 'Count me in.', 'Wishing you all the best from afar.'],
};

export const hiddenReasons = [
  '含有推销保健品的内容。 Advertises supplements.',
  '含有站外收款链接。 Asks for money outside the platform.',
] as const;

export const hiddenPosts = [
  '祖传秘方，三天降糖，加微信领取试用装。',
  '内部渠道低价购药，扫码付定金，名额有限。',
] as const;
