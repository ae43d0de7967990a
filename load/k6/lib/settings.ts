/** What the runner hands to a scenario. */
export const settings = {
  graphUrl: __ENV['GRAPH_URL'] ?? 'http://127.0.0.1:4000/graphql',
  /** Where orders can be paid; empty: all gifts are captured at once. */
  sandboxUrl: __ENV['SANDBOX_URL'] ?? '',
  /** Gifts a second at the peak. */
  rate: Number(__ENV['RATE'] ?? 200),
  seconds: Number(__ENV['SECONDS'] ?? 30),
  /** Who keeps the sessions of donors; empty: donors are guests alone. */
  donorsUrl: __ENV['DONORS_URL'] ?? '',
  campaignIds: (__ENV['CAMPAIGN_IDS'] ?? '').split(',').filter(Boolean),
  /** Campaigns that are ended in mid-load, and the number of the donor who has raised each. */
  closing: JSON.parse(__ENV['CLOSING'] ?? '[]') as readonly { campaignId: string; organiser: number }[],
  /** Unique to the run, so that its keys are too. */
  runId: __ENV['RUN_ID'] ?? 'manual',
};
