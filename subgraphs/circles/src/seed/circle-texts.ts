import type { CircleTheme } from '@banyan/vocabulary';

/** `中文名|English name`, a line each; the cast has ten circles a theme, and eleven that give. */
const names: Readonly<Record<CircleTheme, string>> = {
  SHOPPING: `
    老街坊团购群|Old Neighbours Group Buying
    江南好茶同好圈|Jiangnan Tea Lovers
    文房四宝选购圈|Brush and Ink Buyers
    银发旅行拼团|Silver Travel Companions
    丝绸围巾姐妹团|Silk Scarf Sisters
    放心水果合作社|Honest Fruit Co-op
    民族乐器置办圈|Folk Instrument Buyers
    手工剪纸小铺|Paper-cut Handicrafts Corner
    明明白白买药圈|Buying Medicine Wisely`,
  ENTERTAINMENT: `
    周三茶馆听戏|Wednesday Teahouse Opera
    老电影放映厅|Old Film Theatre
    广场舞姐妹淘|Square Dance Sisters
    相声逗乐园|Crosstalk and Laughter
    桥牌与象棋|Bridge and Chinese Chess
    银幕金曲翻唱|Film Songs, Sung Again
    手机摄影漫步|Phone Photography Walks
    上海滩交谊舞会|Shanghai Ballroom Dance
    票友京剧社|Amateur Peking Opera Society
    诗朗诵下午茶|Poetry Reading Afternoons`,
  WEALTH: `
    长青养老规划课堂|Evergreen Pension Planning
    安澜防骗理财站|Calm Waters: Money without Fraud
    看懂保险合同|Reading an Insurance Contract
    狮山退休金讲堂|Lion Rock Pension Talks
    给孙辈的教育金|Saving for Grandchildren
    存款与国债入门|Deposits and Treasury Bonds
    遗嘱与传承问答|Wills and Inheritance Q&A
    养老社区怎么选|Choosing a Retirement Home
    医保商保一起懂|Public and Private Cover
    守住养老钱|Keep Your Pension Safe`,
  DINING: `
    素食养生小厨房|Vegetarian Home Kitchen
    老广早茶搭子|Cantonese Morning Tea Friends
    川味家常菜|Sichuan Home Cooking
    西湖茶点圈|West Lake Tea and Cakes
    面食之家|The House of Noodles
    低糖点心研究会|Low-sugar Pastry Circle
    社区长者食堂|Community Canteen for Elders
    腌菜与泡菜|Pickles and Ferments
    节气餐桌|The Table of Solar Terms
    南洋风味怀旧|Nanyang Flavours Remembered`,
  CONCERT: `
    夕阳红合唱团|Sunset Red Choir
    葫芦丝爱好者|Hulusi Players
    电子琴合奏坊|Keyboard Ensemble
    民乐知音会|Friends of Folk Music
    周末钢琴听赏|Weekend Piano Listening
    红歌大家唱|Songs We Grew Up Singing
    社区音乐会志愿队|Neighbourhood Concert Volunteers
    江南丝竹雅集|Jiangnan Silk and Bamboo
    声乐入门互助组|First Steps in Vocal Music
    海外华人合唱|Overseas Chinese Choir`,
  FITNESS: `
    晨练太极队|Morning Tai Chi
    椅子瑜伽每一天|Chair Yoga Every Day
    八段锦打卡|Baduanjin Daily Practice
    健步走一万步|Ten Thousand Steps
    银龄舞蹈队|Silver Age Dancers
    门球俱乐部|Gateball Club
    游泳老伙伴|Swimming Companions
    膝盖友好操|Exercises Kind to Knees
    民族舞基本功|Folk Dance Basics
    冬泳与勇气|Winter Swimming and Courage`,
  CREDIT_LIVING: `
    邻里互助时间银行|Neighbours' Time Bank
    信用借阅图书角|Borrow-and-Return Book Corner
    工具共享小屋|The Tool-sharing Shed
    陪诊互助站|Hospital Companions
    拼车看孙子|Sharing a Ride to the Grandchildren
    诚信小集市|The Honest Market
    空房互换旅居|Home Exchange for Retired Travellers
    遛狗喂猫接力|Pet-sitting Relay
    维修老师傅名录|Trusted Repair Masters
    守时守信俱乐部|The Kept-promise Club`,
  HEALTH: `
    高血压自我管理|Living with High Blood Pressure
    糖友厨房与步道|Diabetes: Kitchen and Walks
    肾友关爱家园|A Home for Kidney Patients
    乳腺康复姐妹|Sisters after Breast Cancer
    记忆门诊家属圈|Families of the Memory Clinic
    儿童大病家长互助|Parents of Very Ill Children
    心脏术后康复营|Recovering after Heart Surgery
    睡个好觉|A Good Night's Sleep
    白血病家庭同行|Families Facing Leukaemia
    照护者喘息站|Carers' Breathing Space`,
  LEARNING: `
    毛笔书法天天练|Calligraphy Every Day
    手机修图零基础|Photo Retouching from Zero
    剪纸窗花学堂|Paper-cutting School
    智能手机不求人|My Phone, by Myself
    银发英语角|Silver English Corner
    国画山水入门|Landscape Ink Painting
    声乐发声十讲|Ten Lessons in Singing
    家谱与口述史|Family Trees and Memories
    编织与手工|Knitting and Handicrafts
    电子琴识谱班|Reading Music at the Keyboard`,
  GIVING: `
    榕荫互助圈|In the Shade of the Banyan
    一元爱心圈|One Yuan of Love
    大病筹款核实志愿队|Verifying Medical Appeals
    晨光护童圈|Morning Light for Children
    山村助医行|Doctors for Mountain Villages
    爱心编织暖冬|Knitting for a Warm Winter
    献血者之家|Home of Blood Donors
    邻里帮邻里|Neighbour Helps Neighbour
    肾友爱心接力|Kidney Care Relay
    助学笔友会|Pen Friends for Schooling
    海外乡亲援手|A Hand from Overseas`,
};

/** `中文|English`: what circles of a theme say of themselves. */
const abouts: Readonly<Record<CircleTheme, readonly string[]>> = {
  SHOPPING: [
    '货比三家，价格公开，收据上墙，不拉人头不压货。|We compare three shops, show every receipt, and never push anyone to buy.',
    '一起挑、一起买、一起退，买贵了大家帮您说理。|We choose, buy and return together; if you paid too much we help you argue.',
  ],
  ENTERTAINMENT: [
    '开开心心最要紧，不会也没关系，来了就是朋友。|Joy comes first. No skill needed: who comes is a friend.',
    '每周一聚，线上也热闹，欢迎带上老伴儿。|We meet every week, online as well; bring your better half.',
  ],
  WEALTH: [
    '由持牌机构主办，只讲常识与防骗，不推销产品。|Run by a licensed institution: plain knowledge and protection from fraud, nothing sold.',
    '每月一讲，合同逐条念给您听，问题当场答。|One talk a month; contracts are read line by line and questions answered at once.',
  ],
  DINING: [
    '吃得香、吃得少盐，把拿手菜教给邻居。|Tasty and low in salt; teach your best dish to a neighbour.',
    '每周一道菜，做完拍照晒一晒，厨艺慢慢长。|One dish a week, a photograph of it, and slowly we all cook better.',
  ],
  CONCERT: [
    '不论嗓子好坏，一起唱、一起听，一年办两场音乐会。|Any voice is welcome: we sing, listen, and give two concerts a year.',
    '器乐声乐都欢迎，老师每周在线指点一次。|Instruments and voices; a teacher listens in once a week.',
  ],
  FITNESS: [
    '量力而行，不比快慢，有病史的先问医生。|At your own pace, no racing; if you have a condition ask your doctor first.',
    '每天早上七点打卡，互相提醒，风雨无阻在家练。|Every morning at seven; when it rains we practise at home and remind each other.',
  ],
  CREDIT_LIVING: [
    '说到做到，帮一小时记一小时，信用就是我们的钱。|A promise is a promise: an hour given is an hour owed. Trust is our money.',
    '借东西有登记，还东西有点赞，邻里之间明明白白。|What is lent is written down, what is returned is thanked for.',
  ],
  HEALTH: [
    '病友与家属互相打气，经验分享不代替医嘱。|Patients and families encourage each other; experience does not replace a doctor.',
    '每周请一位医护答疑，禁止推销保健品。|A nurse or doctor answers each week. No selling of supplements.',
  ],
  LEARNING: [
    '学习不为分数，今天比昨天进步一点就好。|Learning is not for scores: a little better than yesterday is enough.',
    '跟着老师的直播课一起练，交作业、互相点评。|We follow the live lessons, hand in practice and comment kindly.',
  ],
  GIVING: [
    '每一分钱都看得见去处，先核实，再伸手。|Every cent can be followed: first we verify, then we help.',
    '十块钱不嫌少，问候一句也是帮。|Ten yuan is not too little, and a kind word is help too.',
  ],
};

export const questions = [
  '您为什么想加入本圈？ Why would you like to join?',
  '您愿意遵守不推销、不拉人头的圈规吗？ Will you keep to our rule: no selling, no recruiting?',
] as const;

export const answers: readonly (readonly [string, string])[] = [
  ['老同事介绍我来的，想和大家一起学。', '愿意，一定遵守。'],
  ['退休在家有点闷，想找人说说话。', '愿意。我自己也被推销怕了。'],
  ['家里有病人，想听听大家的经验。', '愿意，只分享不推销。'],
  ['看了你们的活动照片，很喜欢。', '遵守圈规，请放心。'],
  ['My sister in Chengdu is a member and speaks warmly of you.', 'Yes, of course.'],
];

/** Name and description of the circle that is the `index`-th of its theme. */
export function textsOf(theme: CircleTheme, index: number): { name: string; about: string } {
  const lines = names[theme].trim().split('\n');
  const [chinese = '', english = ''] = (lines[index % lines.length] ?? '').trim().split('|');
  const about = abouts[theme][index % abouts[theme].length] ?? '';
  return { name: `${chinese} ${english}`, about: about.replace('|', '\n') };
}
