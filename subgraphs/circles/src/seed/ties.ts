import { campaigns, createRandom, hotCampaign, instructors, type SeedDay } from '@banyan/seed';
import type { BackingRow } from '../db/backings.ts';
import type { CircleLinkRow } from '../db/circle-links.ts';
import type { SeedCircle } from './circles.ts';

export interface SeedStationLink {
  readonly circle: SeedCircle;
  /** Number of the station. */
  readonly station: number;
}

const supporterCount = 8;
const backingCount = 90;

/** Circles that stand behind the hot campaign: circle 1 before all others. */
function supportersOfHot(circles: readonly SeedCircle[]): SeedCircle[] {
  return circles.filter(({ theme }) => theme === 'GIVING' || theme === 'HEALTH').slice(0, supporterCount);
}

/** Stations hang on the supporters of the hot campaign, and on circles that are about what is taught there. */
export function seedStationLinks(circles: readonly SeedCircle[]): SeedStationLink[] {
  const supporters = supportersOfHot(circles);
  return instructors.flatMap(({ number, crafts }) => {
    const random = createRandom(`circles:station:${number}`);
    const supporter = supporters[(number - 1) % supporters.length];
    if (number <= supporters.length + 2 && supporter) return [{ circle: supporter, station: number }];
    const fitting = circles.filter(({ tags }) => crafts.some((craft) => tags.includes(craft)));
    return fitting.length > 0 && random.chance(0.8)
      ? [{ circle: random.pick(fitting), station: number }]
      : [];
  });
}

export function stationLinkRows(links: readonly SeedStationLink[], day: SeedDay) {
  return links.map(({ circle, station }) => ({
    station_id: (instructors[station - 1] as (typeof instructors)[number]).stationId,
    circle_id: circle.id,
    since: day.at(-Math.max(1, circle.createdDaysAgo - 20), 10),
  }));
}

export function seedBackings(circles: readonly SeedCircle[], day: SeedDay): BackingRow[] {
  const rows = new Map<string, BackingRow>();
  const add = (circle: SeedCircle, campaignId: string, daysAgo: number, hour: number) =>
    rows.set(`${circle.id} ${campaignId}`, {
      circle_id: circle.id,
      campaign_id: campaignId,
      since: day.at(-Math.min(daysAgo, circle.createdDaysAgo), hour),
    });
  supportersOfHot(circles).forEach((circle, index) => add(circle, hotCampaign.id, 12, 8 + index));

  const random = createRandom('circles:backings');
  const live = campaigns.filter((campaign) => campaign.live && campaign.number > 1);
  const giving = circles.filter(({ theme }) => ['GIVING', 'HEALTH', 'CREDIT_LIVING'].includes(theme));
  while (rows.size < backingCount + supporterCount) {
    add(random.pick(giving), random.pick(live).id, random.int(2, 40), random.int(8, 21));
  }
  return [...rows.values()];
}

/** Each circle of a theme follows the next; some publish to each other. */
export function seedCircleLinks(circles: readonly SeedCircle[], day: SeedDay): CircleLinkRow[] {
  return circles.flatMap((circle) => {
    const random = createRandom(`circles:links:${circle.number}`);
    const others = circles.filter((other) => other.theme === circle.theme && other !== circle);
    return random.sample(others, random.int(0, 2)).map((other) => ({
      from_id: circle.id,
      to_id: other.id,
      direction: other.owner === circle.owner ? ('BOTH' as const) : ('SUBSCRIBES_TO' as const),
      since: day.at(-random.int(1, 50), 11),
    }));
  });
}
