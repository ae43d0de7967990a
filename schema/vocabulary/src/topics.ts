/** What is taught, and what a portrait's interests are named after. */
export const crafts = [
  'VOCAL',
  'CALLIGRAPHY',
  'PAPER_CUTTING',
  'PHOTO_RETOUCHING',
  'YOGA',
  'DANCE',
  'HULUSI',
  'KEYBOARD',
  'OTHER',
] as const;
export type Craft = (typeof crafts)[number];

/** What a circle gathers around. */
export const circleThemes = [
  'SHOPPING',
  'ENTERTAINMENT',
  'WEALTH',
  'DINING',
  'CONCERT',
  'FITNESS',
  'CREDIT_LIVING',
  'HEALTH',
  'LEARNING',
  'GIVING',
] as const;
export type CircleTheme = (typeof circleThemes)[number];

/** The kinds of fundraising that the law keeps apart. */
export const campaignKinds = ['PERSONAL_HELP', 'PUBLIC_FUNDRAISING', 'DREAM', 'PRODUCE'] as const;
export type CampaignKind = (typeof campaignKinds)[number];
