import { typeId, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';

const maxStoryCharacters = 10_000;
const maxTitleCharacters = 80;
/** A campaign runs for a year at most. */
const maxDays = 366;

export const title = writtenText(maxTitleCharacters);
export const story = writtenText(maxStoryCharacters);

const money = z.object({
  minor: z
    .bigint()
    .min(1n, 'More than nothing. | 金额须大于零。')
    .max(1_000_000_000_000n, 'That is more than a campaign can raise. | 金额超出上限。'),
  currency: z.string(),
});

/** What every submission says of its campaign. */
export const campaignDetails = z.object({
  title,
  story,
  goal: money,
  disease: writtenText(60).nullish(),
  regionCode: z
    .string()
    .regex(
      /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/,
      'An ISO 3166 code, such as CN-31. | 请使用 ISO 3166 代码，例如 CN-31。',
    )
    .nullish(),
  hospitalId: typeId('org').nullish(),
  endsAt: z
    .date()
    .refine((date) => date.getTime() > Date.now(), 'A day to come. | 请选择将来的日期。')
    .refine(
      (date) => date.getTime() < Date.now() + maxDays * 86_400_000,
      'Within a year. | 请选择一年之内的日期。',
    )
    .nullish(),
});
export type CampaignDetails = z.infer<typeof campaignDetails>;
