import type { StaffRole } from '@banyan/vocabulary';
import type { Gender } from './names.ts';

/** Somebody with a name and a part, for demonstrations, examples and tests. */
export interface Persona {
  /** The person's number: `castId('user', number)`, `phoneOf(number)`. */
  readonly number: number;
  readonly chineseName: string;
  readonly latinName: string;
  readonly gender: Gender;
  readonly birthYear: number;
  readonly regionCode: string;
  readonly language: 'zh' | 'en';
  readonly staffRole?: StaffRole;
}

/** The named people, numbers 1 to 20. What each of them owns or runs stands with that thing. */
export const personas = {
  donor: woman(1, '王秀英', 'Xiuying Wang', 1954, 'CN-BJ'),
  organiser: woman(2, '陈桂兰', 'Guilan Chen', 1958, 'CN-HN'),
  /** Son of the organiser, for whom the hot campaign collects. */
  beneficiary: man(3, '刘志强', 'Zhiqiang Liu', 1984, 'CN-HN'),
  /** Husband of the organiser, father of the beneficiary. */
  relative: man(4, '刘建国', 'Jianguo Liu', 1956, 'CN-HN'),
  instructor: woman(5, '周美玲', 'Meiling Zhou', 1962, 'CN-SH'),
  learner: man(6, '孙国华', 'Guohua Sun', 1951, 'CN-LN'),
  reviewer: staff(woman(7, '林静', 'Jing Lin', 1982, 'CN-BJ'), 'REVIEWER'),
  /** Four eyes need a second pair. */
  secondReviewer: staff(man(8, '何伟', 'Wei He', 1979, 'CN-BJ'), 'REVIEWER'),
  customerService: staff(woman(9, '郭敏', 'Min Guo', 1985, 'CN-SC'), 'CUSTOMER_SERVICE'),
  accountant: staff(woman(10, '马丽娟', 'Lijuan Ma', 1976, 'CN-BJ'), 'ACCOUNTANT'),
  moderator: staff(man(11, '罗勇', 'Yong Luo', 1980, 'CN-GD'), 'MODERATOR'),
  siteReliabilityEngineer: staff(man(12, '宋涛', 'Tao Song', 1983, 'CN-ZJ'), 'SRE'),
  circleOperator: woman(13, '高凤英', 'Fengying Gao', 1957, 'CN-SD'),
  charityOwner: man(14, '郑国平', 'Guoping Zheng', 1963, 'CN-BJ'),
  hospitalOwner: man(15, '许文斌', 'Wenbin Xu', 1966, 'CN-HN'),
  insurerOwner: woman(16, '唐晓燕', 'Xiaoyan Tang', 1978, 'CN-SH'),
  merchantOwner: woman(17, '冯玉珍', 'Yuzhen Feng', 1960, 'CN-GD'),
  partnerDeveloper: man(18, '何嘉伦', 'Daniel Ho', 1985, 'HK', 'en'),
  donorAbroad: woman(19, '陈美珍', 'Margaret Tan', 1952, 'SG', 'en'),
  /** No consent at all, portrait off: gets no offer, no recommendation. */
  private: man(20, '丁家骏', 'Jiajun Ding', 1949, 'CN-JS'),
} as const satisfies Record<string, Persona>;

export type PersonaName = keyof typeof personas;

const byNumber = new Map<number, Persona>(
  Object.values(personas).map((someone) => [someone.number, someone]),
);

export function findPersona(number: number): Persona | undefined {
  return byNumber.get(number);
}

/** The platform's own people: number and role. */
export const staffMembers: readonly { readonly number: number; readonly role: StaffRole }[] = [
  ...byNumber.values(),
].flatMap(({ number, staffRole }) => (staffRole ? [{ number, role: staffRole }] : []));

function persona(gender: Gender) {
  return (
    number: number,
    chineseName: string,
    latinName: string,
    birthYear: number,
    regionCode: string,
    language: 'zh' | 'en' = 'zh',
  ): Persona => ({ number, chineseName, latinName, gender, birthYear, regionCode, language });
}
function woman(...facts: Parameters<ReturnType<typeof persona>>): Persona {
  return persona('F')(...facts);
}
function man(...facts: Parameters<ReturnType<typeof persona>>): Persona {
  return persona('M')(...facts);
}
function staff(person: Persona, staffRole: StaffRole): Persona {
  return { ...person, staffRole };
}
