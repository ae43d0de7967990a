import type { Options, Scenario } from 'k6/options';

/** Virtual users that one kind of arrivals may have at most; during an outage all of them wait. */
const maxUsers = 2_000;

/** So many a second, in stages; whoever is under way at the end may finish. */
export function arrivals(
  exec: string,
  stages: readonly { perSecond: number; seconds: number }[],
  startPerSecond = stages[0]?.perSecond ?? 1,
): Scenario {
  const whole = (rate: number) => Math.max(1, Math.round(rate));
  const peak = Math.max(...stages.map((stage) => stage.perSecond));
  return {
    executor: 'ramping-arrival-rate',
    exec,
    startRate: whole(startPerSecond),
    timeUnit: '1s',
    preAllocatedVUs: Math.min(1_000, Math.max(50, whole(peak))),
    maxVUs: maxUsers,
    stages: stages
      .filter(({ seconds }) => seconds > 0)
      .map(({ perSecond, seconds }) => ({ target: whole(perSecond), duration: `${seconds}s` })),
    gracefulStop: '60s',
  };
}

/** The same number a second all the time. */
export function steady(exec: string, perSecond: number, seconds: number): Scenario {
  return arrivals(exec, [{ perSecond, seconds }]);
}

/** Options of a run with these kinds of arrivals. */
export function optionsOf(scenarios: Record<string, Scenario>): Options {
  return {
    scenarios,
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
    systemTags: ['name', 'status', 'scenario'],
    insecureSkipTLSVerify: true,
  };
}
