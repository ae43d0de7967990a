import type { OrganisationKind } from '@banyan/vocabulary';
import { organisationOwner } from './parts.ts';
import { castId } from './seed-id.ts';

/** A public-fundraising licence; its days count from the day of the seed. */
export interface CastLicence {
  readonly number: string;
  readonly validFromDays: number;
  readonly validToDays: number;
}

export interface CastOrganisation {
  readonly number: number;
  readonly id: `org_${string}`;
  readonly name: string;
  readonly latinName: string;
  readonly kinds: readonly OrganisationKind[];
  readonly licence: CastLicence | null;
  readonly regionCode: string;
  /** Number of the person who owns it. */
  readonly owner: number;
}

type Row = readonly [kind: OrganisationKind, regionCode: string, name: string, latinName: string];

const rows: readonly Row[] = [
  ['CHARITY', 'CN-BJ', '榕树公益基金会', 'Banyan Tree Foundation'],
  ['CHARITY', 'CN-SH', '晨光儿童大病救助基金会', 'Morning Light Children’s Fund'],
  ['CHARITY', 'CN-GD', '南粤慈善会', 'South Canton Charity Federation'],
  ['CHARITY', 'CN-SC', '蜀道乡村医疗基金会', 'Shudao Rural Health Foundation'],
  ['CHARITY', 'CN-ZJ', '钱塘助老基金会', 'Qiantang Foundation for the Aged'],
  ['CHARITY', 'CN-HB', '江城肾友关爱基金会', 'River City Kidney Care Foundation'],
  ['CHARITY', 'CN-HA', '中原助学促进会', 'Central Plains Learning Aid Society'],
  ['CHARITY', 'CN-YN', '彩云慈善促进会', 'Coloured Clouds Charity Society'],
  ['HOSPITAL', 'CN-HN', '湘江医院', 'Xiangjiang Hospital'],
  ['HOSPITAL', 'CN-BJ', '京西肿瘤医院', 'West Beijing Cancer Hospital'],
  ['HOSPITAL', 'CN-SH', '浦江儿童医院', 'Pujiang Children’s Hospital'],
  ['HOSPITAL', 'CN-GD', '珠江心血管医院', 'Pearl River Heart Hospital'],
  ['HOSPITAL', 'CN-SC', '锦江人民医院', 'Jinjiang People’s Hospital'],
  ['HOSPITAL', 'CN-SD', '泰山血液病医院', 'Taishan Blood Disease Hospital'],
  ['HOSPITAL', 'CN-LN', '辽河康复医院', 'Liaohe Rehabilitation Hospital'],
  ['HOSPITAL', 'CN-HB', '东湖肾脏病医院', 'East Lake Kidney Hospital'],
  ['INSURER', 'CN-SH', '长青人寿', 'Evergreen Life'],
  ['INSURER', 'CN-BJ', '安澜健康保险', 'Calm Waters Health Insurance'],
  ['INSURER', 'CN-GD', '南风财产保险', 'South Wind Property & Casualty'],
  ['INSURER', 'HK', '狮山保险', 'Lion Rock Insurance'],
  ['MERCHANT', 'CN-GD', '夕阳红旅行社', 'Sunset Red Travel'],
  ['MERCHANT', 'CN-ZJ', '西湖茶庄', 'West Lake Tea House'],
  ['MERCHANT', 'CN-SD', '齐鲁文房四宝', 'Qilu Brush and Ink'],
  ['MERCHANT', 'CN-SC', '蓉城素食坊', 'Chengdu Vegetarian Kitchen'],
  ['MERCHANT', 'CN-JS', '金陵民族乐器', 'Jinling Folk Instruments'],
  ['MERCHANT', 'CN-YN', '滇韵葫芦丝工坊', 'Dianyun Hulusi Workshop'],
  ['COMPANY', 'CN-BJ', '银发学堂科技', 'Silver School Technology'],
  ['COMPANY', 'CN-SH', '颐年理财', 'Yinian Wealth'],
  ['PARTNER', 'HK', '海港数据', 'Harbour Data'],
  ['PARTNER', 'CN-ZJ', '之江保险经纪', 'Zhijiang Insurance Brokers'],
];

/** Charities 7 and 8 once had a licence that has run out. */
const expiredLicences = new Set([7, 8]);

export const organisations: readonly CastOrganisation[] = rows.map(
  ([kind, regionCode, name, latinName], index) => {
    const number = index + 1;
    return {
      number,
      id: castId('organisation', number),
      name,
      latinName,
      kinds: [kind],
      licence: kind === 'CHARITY' ? licenceOf(number) : null,
      regionCode,
      owner: organisationOwner(number),
    };
  },
);

/** @throws RangeError when there is no organisation of that number. */
export function organisationOf(number: number): CastOrganisation {
  const organisation = organisations[number - 1];
  if (!organisation) throw new RangeError(`the cast has no organisation ${number}`);
  return organisation;
}

/** Numbers of the organisations of a kind. */
export function organisationsOfKind(kind: OrganisationKind): number[] {
  return organisations.flatMap(({ number, kinds }) => (kinds.includes(kind) ? [number] : []));
}

/** Whether a charity may raise from the public on the day of the seed. */
export function isLicensed(organisation: CastOrganisation): boolean {
  return organisation.licence !== null && organisation.licence.validToDays >= 0;
}

function licenceOf(number: number): CastLicence {
  const expired = expiredLicences.has(number);
  return {
    number: `GX-2026-${String(number).padStart(4, '0')}`,
    validFromDays: expired ? -1500 : -300,
    validToDays: expired ? -400 : 795,
  };
}
