import { ConfigError } from '@banyan/kit/service';
import { z } from 'zod';
import type { Limits } from '../limits/limits.ts';

/** What a caller may use in a minute. */
export interface Rates {
  readonly requestsPerMinute: number;
  readonly costPerMinute: number;
}

export interface QuotaSettings {
  readonly isOn: boolean;
  /** Of one address. */
  readonly stranger: Rates;
  readonly person: Rates;
  /** Of an app that has no rates of its own. */
  readonly app: Rates;
  /** Of apps that have their own, by id. */
  readonly apps: ReadonlyMap<string, Rates>;
  /** Of gifts, besides. */
  readonly gift: Rates;
  /** Operations that ask for these and nothing else at their root are gifts. */
  readonly giftFields: ReadonlySet<string>;
  /** Proxies of our own in front of the edge. */
  readonly trustedProxies: number;
}

const perMinute = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const rates = z.object({
  requestsPerMinute: z.number().int().min(1),
  costPerMinute: z.number().int().min(1),
});

/**
 * Settings of the budgets. An address may be that of a whole house: two hundred people of a circle who open a screen at
 * once are well within it.
 */
export const quotaShape = {
  QUOTAS: z
    .enum(['on', 'off'])
    .default('on')
    .transform((value) => value === 'on'),
  QUOTA_STRANGER_REQUESTS_PER_MINUTE: perMinute(6_000),
  QUOTA_STRANGER_COST_PER_MINUTE: perMinute(120_000),
  QUOTA_PERSON_REQUESTS_PER_MINUTE: perMinute(1_200),
  QUOTA_PERSON_COST_PER_MINUTE: perMinute(60_000),
  QUOTA_APP_REQUESTS_PER_MINUTE: perMinute(3_000),
  QUOTA_APP_COST_PER_MINUTE: perMinute(60_000),
  /** `{"app_…":{"requestsPerMinute":…,"costPerMinute":…}}` */
  QUOTA_APPS: z
    .string()
    .default('{}')
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'expected JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), rates)),
  QUOTA_GIFT_REQUESTS_PER_MINUTE: perMinute(6_000),
  QUOTA_GIFT_COST_PER_MINUTE: perMinute(240_000),
  /** Root fields of gifts, and of the question what became of one, by commas. */
  GIFT_FIELDS: z.string().default('donate,donationByKey'),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
};

const settingsShape = z.object(quotaShape);

/**
 * The settings of the budgets, from those of the edge.
 * @throws ConfigError when an operation may cost more than a budget ever holds: it would be told to wait for ever.
 */
export function quotaSettings(
  config: z.infer<typeof settingsShape>,
  { maxCost }: Pick<Limits, 'maxCost'>,
): QuotaSettings {
  const settings = settingsOf(config);
  const { stranger, person, app, apps, gift } = settings;
  for (const { costPerMinute } of [stranger, person, app, gift, ...apps.values()])
    if (settings.isOn && costPerMinute < maxCost)
      throw new ConfigError(`QUOTA_…_COST_PER_MINUTE: at least MAX_COST (${maxCost}), or nobody may ask it.`);
  return settings;
}

function settingsOf(config: z.infer<typeof settingsShape>): QuotaSettings {
  return {
    isOn: config.QUOTAS,
    stranger: {
      requestsPerMinute: config.QUOTA_STRANGER_REQUESTS_PER_MINUTE,
      costPerMinute: config.QUOTA_STRANGER_COST_PER_MINUTE,
    },
    person: {
      requestsPerMinute: config.QUOTA_PERSON_REQUESTS_PER_MINUTE,
      costPerMinute: config.QUOTA_PERSON_COST_PER_MINUTE,
    },
    app: {
      requestsPerMinute: config.QUOTA_APP_REQUESTS_PER_MINUTE,
      costPerMinute: config.QUOTA_APP_COST_PER_MINUTE,
    },
    apps: new Map(Object.entries(config.QUOTA_APPS)),
    gift: {
      requestsPerMinute: config.QUOTA_GIFT_REQUESTS_PER_MINUTE,
      costPerMinute: config.QUOTA_GIFT_COST_PER_MINUTE,
    },
    giftFields: new Set(config.GIFT_FIELDS.split(',')),
    trustedProxies: config.TRUSTED_PROXIES,
  };
}
