/** What the runner hands to a scenario. */
export const settings = {
  graphUrl: __ENV['GRAPH_URL'] ?? 'http://127.0.0.1:4000/graphql',
  /** Where orders can be paid; empty: all gifts are captured at once. */
  sandboxUrl: __ENV['SANDBOX_URL'] ?? '',
  /** Gifts a second at the peak. */
  rate: Number(__ENV['RATE'] ?? 200),
  seconds: Number(__ENV['SECONDS'] ?? 30),
  /** Of donors who have signed in; empty: donors are guests alone. */
  accessTokens: (__ENV['ACCESS_TOKENS'] ?? '').split(',').filter(Boolean),
  /** When the tokens end, in milliseconds since the epoch; donors are guests from then on. */
  tokensEndAt: Number(__ENV['TOKENS_END_AT'] ?? Number.MAX_SAFE_INTEGER),
  campaignIds: (__ENV['CAMPAIGN_IDS'] ?? '').split(',').filter(Boolean),
  /** Unique to the run, so that its keys are too. */
  runId: __ENV['RUN_ID'] ?? 'manual',
};
