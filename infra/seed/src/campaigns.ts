import type { CampaignKind, Relation } from '@banyan/vocabulary';
import { counts } from './counts.ts';
import { kinships } from './kinships.ts';
import { isLicensed, organisationOf, organisationsOfKind } from './organisations.ts';
import { familyCount, helpOrganiser, projectOrganiser } from './parts.ts';
import { personOf } from './people.ts';
import { personas } from './personas.ts';
import { createRandom, type Random } from './random.ts';
import { castId } from './seed-id.ts';

export interface CastCampaign {
  readonly number: number;
  readonly id: `cmp_${string}`;
  readonly slug: string;
  readonly kind: CampaignKind;
  /** Whether it takes gifts on the day of the seed; what the others are is the campaigns' own affair. */
  readonly live: boolean;
  /** Number of the person who runs it. */
  readonly organiser: number;
  /** Number of the person it is for, in PERSONAL_HELP. */
  readonly beneficiary: number | null;
  /** What the beneficiary is to the organiser; verified, unless SELF. */
  readonly relation: Relation | null;
  /** Number of the charity, in PUBLIC_FUNDRAISING. */
  readonly charity: number | null;
  /** Number of the hospital, in PERSONAL_HELP. */
  readonly hospital: number | null;
  readonly regionCode: string;
}

const slugWord: Readonly<Record<CampaignKind, string>> = {
  PERSONAL_HELP: 'help',
  PUBLIC_FUNDRAISING: 'fund',
  DREAM: 'dream',
  PRODUCE: 'produce',
};

/** The one campaign that everybody shares and that takes nearly all the traffic. */
export const hotCampaign: CastCampaign = {
  number: 1,
  id: castId('campaign', 1),
  slug: 'liu-zhiqiang',
  kind: 'PERSONAL_HELP',
  live: true,
  organiser: personas.organiser.number,
  beneficiary: personas.beneficiary.number,
  relation: 'CHILD',
  charity: null,
  hospital: 9,
  regionCode: personas.organiser.regionCode,
};

export const campaigns: readonly CastCampaign[] = [
  hotCampaign,
  ...Array.from({ length: counts.campaigns - 1 }, (_, index) => createCampaign(index + 2)),
];

function createCampaign(number: number): CastCampaign {
  const random = createRandom(`campaign:${number}`);
  const kind = kindOf(number);
  const parties = partiesOf(kind, number, random);
  const licensed = parties.charity === null || isLicensed(organisationOf(parties.charity));
  return {
    number,
    id: castId('campaign', number),
    slug: `${slugWord[kind]}-${number}`,
    kind,
    live: licensed && random.chance(0.75),
    ...parties,
  };
}

/** Of ten: seven for a person, two by a charity, one a project. */
function kindOf(number: number): CampaignKind {
  const digit = number % 10;
  if (digit === 4 || digit === 8) return 'PUBLIC_FUNDRAISING';
  if (digit === 6) return number % 20 === 6 ? 'DREAM' : 'PRODUCE';
  return 'PERSONAL_HELP';
}

type Parties = Pick<
  CastCampaign,
  'organiser' | 'beneficiary' | 'relation' | 'charity' | 'hospital' | 'regionCode'
>;

function partiesOf(kind: CampaignKind, number: number, random: Random): Parties {
  switch (kind) {
    case 'PERSONAL_HELP':
      return helpParties(number, random);
    case 'PUBLIC_FUNDRAISING': {
      const {
        owner,
        regionCode,
        number: charity,
      } = organisationOf(random.pick(organisationsOfKind('CHARITY')));
      return { organiser: owner, beneficiary: null, relation: null, charity, hospital: null, regionCode };
    }
    case 'DREAM':
    case 'PRODUCE': {
      const organiser = projectOrganiser(number);
      const { regionCode } = personOf(organiser);
      return { organiser, beneficiary: null, relation: null, charity: null, hospital: null, regionCode };
    }
    default:
      return kind satisfies never;
  }
}

/** One in six organisers collects for herself, the others for the relative of their family; some collect twice. */
function helpParties(number: number, random: Random): Parties {
  const organiser = helpOrganiser(((number - 1) % familyCount) + 1);
  const kinship = kinships.find(({ person }) => person === organiser);
  const self = kinship === undefined || random.chance(1 / 6);
  return {
    organiser,
    beneficiary: self ? organiser : kinship.relative,
    relation: self ? 'SELF' : kinship.relation,
    charity: null,
    hospital: random.pick(organisationsOfKind('HOSPITAL')),
    regionCode: personOf(organiser).regionCode,
  };
}
