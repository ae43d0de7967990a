import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { mountSmallDisk } from '@banyan/kit/embedded';
import { LocalProblem } from '@banyan/local';
import { maxRate, processHelp, processOptions, readProcesses, wholeNumber } from './cli/options.ts';
import { assertFitsMemory } from './cli/memory.ts';
import { createLiveLine, findK6OrSkip, runProgram, say } from './cli/program.ts';
import { findTarget } from './cli/target.ts';
import { unmetDemands } from './faults/demands.ts';
import { legsOf, planFaults, renderPlan } from './faults/plan.ts';
import { assertToolsFor } from './faults/process-family.ts';
import { repertoire, repertoireFor } from './faults/repertoire.ts';
import { renderSummary } from './faults/summary.ts';
import { renderHtml } from './report/html.ts';
import { renderText } from './report/text.ts';
import { runScenario, type RunOutcome } from './run.ts';
import { findScenario } from './scenarios.ts';

const help = `npm run faults [-- options]
Loads a system started for this and breaks it in each round: kills, freezes and restarts gateway, campaigns and
PostgreSQL, fills its disk, takes Redis away, cuts connections in mid-commit. Every few rounds the auditor judges every gift.

  --seed TEXT          the schedule follows from it (default 1)
  --rounds N           faults (default 20)
  --round-seconds N    time for each (default 6)
  --rate N             gifts a second (default 60)
  --load NAME          the kind of load (default mixed; see npm run load -- --help)
${processHelp}
  --only TEXT          only faults whose name holds it, such as "postgres" or "cut"
  --plan               prints the schedule and does nothing
  --log FILE           writes what the programs print, with times
  --report FILE        writes a report with charts, one HTML file

${repertoire.map(({ name }) => `  ${name}`).join('\n')}
`;

/** Rounds between two judgements. */
const roundsPerLeg = 5;
/** Load before the first fault and after the last one of a leg. */
const marginSeconds = 3;
/** Seed data, write-ahead log, and what PostgreSQL wants to see free when it starts. */
const emptyDiskMib = 1_536;
const kibPerGift = 8;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    'round-seconds': { type: 'string' },
    rate: { type: 'string' },
    load: { type: 'string', default: 'mixed' },
    only: { type: 'string', default: '' },
    plan: { type: 'boolean', default: false },
    report: { type: 'string' },
    log: { type: 'string' },
    ...processOptions,
    help: { type: 'boolean', default: false },
  },
});

async function main(signal: AbortSignal): Promise<boolean> {
  const rounds = wholeNumber('rounds', values.rounds, 20, 10_000);
  const roundSeconds = wholeNumber('round-seconds', values['round-seconds'], 6, 600);
  const rate = wholeNumber('rate', values.rate, 60, maxRate);
  assertFitsMemory({ seconds: rounds * roundSeconds, rate });
  const scenario = findScenario(values.load);
  const processes = readProcesses(values);
  const wanted = repertoireFor(processes).filter(({ name }) => name.includes(values.only));
  const isFilled = wanted.some(({ action }) => action === 'fill');
  await using disk = isFilled ? await mountSmallDisk(diskMib(rounds * roundSeconds * rate)) : undefined;
  const kinds = disk === undefined ? wanted.filter(({ action }) => action !== 'fill') : wanted;
  if (kinds.length < wanted.length) say('No file system may be mounted here: no disk is filled in this run.');
  if (scenario === undefined || kinds.length === 0) {
    throw new LocalProblem(`There is no load "${values.load}" or no fault "${values.only}".`, 'See --help.');
  }
  const plan = planFaults({ seed: values.seed, rounds, roundMs: roundSeconds * 1_000, kinds });
  say([`Seed ${values.seed}, ${rounds} rounds of ${roundSeconds} s:`, ...renderPlan(plan)].join('\n'));
  if (values.plan) return true;
  await assertToolsFor(kinds);
  const k6Path = await findK6OrSkip(process.env, false);
  if (k6Path === undefined) return false;
  await using found = await findTarget({
    url: undefined,
    databaseUrl: undefined,
    sandboxUrl: undefined,
    needsOwn: true,
    logFile: values.log,
    processes,
    disk,
    say,
  });
  const { target, machinery } = found;
  if (machinery === undefined) throw new Error('a system of our own can be broken');
  const outcomes: RunOutcome[] = [];
  const subject = {
    title: `faults, seed ${values.seed}`,
    says: `${scenario.name}: ${scenario.says}; ${rounds} faults; processes of campaigns: ${processes.campaigns}, that only take gifts: ${processes.gifts}`,
  };
  for (const leg of legsOf(plan, {
    roundsPerLeg,
    roundMs: roundSeconds * 1_000,
    marginMs: marginSeconds * 1_000,
  })) {
    const seconds = leg.length * roundSeconds + 2 * marginSeconds;
    const faults = { plan: leg, machinery };
    const outcome = await runScenario({
      target,
      k6Path,
      scenario,
      seconds,
      rate,
      faults,
      onLive: createLiveLine(),
      say,
      signal,
    });
    outcomes.push(outcome);
    say(renderText(outcome));
    if (values.report !== undefined) await writeFile(values.report, renderHtml(subject, outcomes));
    if (outcome.verdict.findings.some(({ fault }) => fault !== 'NOT_CARRIED_OUT')) break;
  }
  say(renderSummary(values.seed, plan, outcomes));
  const unmet = unmetDemands(plan, outcomes);
  if (values.report !== undefined)
    await writeFile(values.report, renderHtml({ ...subject, unmet }, outcomes));
  return unmet.length === 0 && outcomes.every(({ verdict }) => verdict.findings.length === 0);
}

/** Room for the seed data, the write-ahead log and what so many gifts leave. */
function diskMib(gifts: number): number {
  return emptyDiskMib + Math.ceil((gifts * kibPerGift) / 1_024);
}

if (values.help) say(help);
else await runProgram(main);
