/** What the runner hands to a scenario. */
export const settings = {
  graphUrl: __ENV['GRAPH_URL'] ?? 'http://127.0.0.1:4000/graphql',
  /** Where sign-in codes can be read; empty: donors are guests alone. */
  sandboxUrl: __ENV['SANDBOX_URL'] ?? '',
  /** Gifts a second at the peak. */
  rate: Number(__ENV['RATE'] ?? 200),
  seconds: Number(__ENV['SECONDS'] ?? 30),
  donorPhones: (__ENV['DONOR_PHONES'] ?? '').split(',').filter(Boolean),
  campaignIds: (__ENV['CAMPAIGN_IDS'] ?? '').split(',').filter(Boolean),
  /** Unique to the run, so that its keys are too. */
  runId: __ENV['RUN_ID'] ?? 'manual',
};
