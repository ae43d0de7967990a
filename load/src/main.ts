import { LocalProblem } from '@banyan/local';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { commonHelp, commonOptions, maxRate, maxSeconds, readProcesses, wholeNumber } from './cli/options.ts';
import { assertFitsMemory } from './cli/memory.ts';
import { createLiveLine, findK6OrSkip, runProgram, say } from './cli/program.ts';
import { findTarget } from './cli/target.ts';
import { planFailOver, planKills } from './faults/repertoire.ts';
import { renderHtml } from './report/html.ts';
import { renderText } from './report/text.ts';
import { runScenario } from './run.ts';
import { findScenario, scenarios } from './scenarios.ts';

const help = `npm run load -- <name> [options]        npm run surge [-- options]
Loads the graph through the gateway with k6, then proves what became of every gift.

${scenarios.map(({ name, says, seconds, rate }) => `  ${name.padEnd(20)} ${says} (${seconds} s, ${rate}/s)`).join('\n')}

  --seconds N          how long
  --rate N             gifts a second at the peak
  --give-to IDS        campaigns to give to, with commas between, the hot one first
  --kill               SIGKILL to gateway, campaigns and PostgreSQL meanwhile, in a system started for this
  --standby            PostgreSQL has a synchronous standby, which takes over when the primary is killed in the middle
  --budgets PERCENT    the edge has its usual budgets, or so many per cent of their requests: who uses them up is turned away
${commonHelp}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...commonOptions,
    kill: { type: 'boolean', default: false },
    standby: { type: 'boolean', default: false },
    budgets: { type: 'string' },
    'give-to': { type: 'string' },
  },
});

async function main(signal: AbortSignal): Promise<boolean> {
  const scenario = findScenario(positionals[0] ?? 'surge');
  if (scenario === undefined) {
    throw new LocalProblem(`There is no load "${positionals[0]}".`, 'See npm run load -- --help.');
  }
  if (values.kill && values.standby) {
    throw new LocalProblem('--kill and --standby break PostgreSQL in two ways.', 'Choose one of them.');
  }
  const seconds = wholeNumber('seconds', values.seconds, scenario.seconds, maxSeconds);
  const rate = wholeNumber('rate', values.rate, scenario.rate, maxRate);
  const budgetPercent =
    values.budgets === undefined ? undefined : wholeNumber('budgets', values.budgets, 100, 100);
  assertFitsMemory({ seconds, rate });
  const k6Path = await findK6OrSkip(process.env, values.optional);
  if (k6Path === undefined) return true;
  await using found = await findTarget({
    url: values.url,
    databaseUrl: values['database-url'],
    sandboxUrl: values['sandbox-url'],
    needsOwn:
      values.kill ||
      values.standby ||
      [values.campaigns, values.gifts, values.budgets].some((each) => each !== undefined),
    budgetPercent,
    hasStandby: values.standby,
    logFile: values.log,
    processes: readProcesses(values),
    say,
  });
  const { target, machinery } = found;
  if (scenario.needsSandbox && target.sandboxUrl === undefined) {
    throw new LocalProblem(`${scenario.name} pays at the sandbox.`, 'Add --sandbox-url.');
  }
  const plan = [...(values.kill ? planKills(seconds) : []), ...(values.standby ? planFailOver(seconds) : [])];
  const campaignIds = values['give-to']?.split(',').filter(Boolean);
  const live = createLiveLine();
  const outcome = await runScenario({
    target,
    k6Path,
    scenario,
    seconds,
    rate,
    onLive: live,
    say,
    signal,
    hasBudgets: budgetPercent !== undefined,
    ...(campaignIds !== undefined && campaignIds.length > 0 && { campaignIds }),
    ...(machinery !== undefined && plan.length > 0 && { faults: { plan, machinery } }),
  });
  say(renderText(outcome));
  if (values.report !== undefined) {
    const says = values.standby ? `${scenario.says}, with a synchronous standby` : scenario.says;
    await writeFile(values.report, renderHtml({ title: scenario.name, says }, [outcome]));
    say(`Report: ${values.report}`);
  }
  return outcome.verdict.findings.length === 0;
}

if (values.help) say(help);
else await runProgram(main);
