import { isDeepStrictEqual } from 'node:util';
import { assert as check, asyncProperty, gen, nat } from 'fast-check';
import { parse, type DocumentNode } from 'graphql';
import { afterAll, describe, expect, test } from 'vitest';
import { entitiesOf, fixtures, type Fixture } from './oracle/fixtures.ts';
import { Rivals, type Outcome } from './oracle/gateways.ts';
import { makeOperation, type MadeOperation } from './oracle/operations.ts';
import {
  compare,
  errorsOnlyOf,
  isRightWhereTheyDiffer,
  plain,
  withoutConditions,
  withoutNotBrought,
} from './oracle/verdict.ts';
import { askTrueErrors, askTruth, World } from './oracle/world.ts';

// Keeps `@apollo/gateway` from looking for cloud metadata and reporting to its maker.
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';

/** Operations that are compared. `ORACLE_OPERATIONS=20000` takes some minutes and finds more. */
const operationCount = Number(process.env['ORACLE_OPERATIONS'] ?? 500);
const seed = Number(process.env['ORACLE_SEED'] ?? 1);
const counts = {
  compared: 0,
  same: 0,
  element: 0,
  alsoTrue: 0,
  plannedOtherwise: 0,
  stockWrong: 0,
  neitherPlans: 0,
};
const calm = { nulls: 0, errors: 0 };
const rough = { nulls: 80, errors: 30 };

async function outcomeOf(asked: Promise<Outcome>): Promise<Outcome | 'no plan'> {
  try {
    return await asked;
  } catch {
    return 'no plan';
  }
}

async function compareOne(
  fixture: Fixture,
  rivals: Rivals,
  made: MadeOperation,
  document: DocumentNode,
  number: number,
): Promise<void> {
  const entities = entitiesOf(fixture);
  const isCalm = number % 3 === 0;
  const world = () => new World(number, entities, isCalm ? calm : rough);
  const stock = await outcomeOf(rivals.askStock(document, made, world()));
  const ours = await outcomeOf(rivals.askOurs(document, made, world()));
  counts.compared += 1;
  if (stock === 'no plan' || ours === 'no plan') {
    expect(ours).toBe(stock);
    counts.neitherPlans += 1;
    return;
  }
  const verdict = compare(document, made.variables, stock, ours);
  if (verdict === 'element') {
    const trueErrors = await askTrueErrors(rivals.whole, document, made.variables, world());
    const untrue = errorsOnlyOf(withoutNotBrought(ours), stock).filter((path) => !trueErrors.has(path));
    expect({ made, untrue }).toEqual({ made, untrue: [] });
  }
  if (verdict === 'same' || verdict === 'element') {
    counts[verdict] += 1;
    if (isCalm && ours.errors === undefined) {
      const truth = await askTruth(rivals.shown, document, made.variables, world());
      expect({ made, data: plain(ours.data) }).toEqual({ made, data: truth });
      counts.alsoTrue += 1;
    }
    return;
  }
  // Who is right shows where nothing goes wrong and one program knows everything.
  const quiet = () => new World(number, entities, calm);
  const truth = await askTruth(rivals.shown, document, made.variables, quiet());
  const oursInQuiet = await rivals.askOurs(document, made, quiet());
  const stockInQuiet = await rivals.askStock(document, made, quiet());
  const [own, other] = [plain(oursInQuiet.data), plain(stockInQuiet.data)];
  // Also where something does: a plan may ask for more than was asked, and lose all of it by what goes wrong there.
  const truthHere = await askTruth(rivals.shown, document, made.variables, world());
  const isStockWrong =
    (!isDeepStrictEqual(own, other) && isRightWhereTheyDiffer(truth, own, other)) ||
    (verdict === 'data' && isRightWhereTheyDiffer(truthHere, plain(ours.data), plain(stock.data)));
  const isStockToldUntruth =
    isDeepStrictEqual(own, truth) &&
    compare(document, made.variables, withoutNotBrought(stock), ours) === 'same';
  if (isStockWrong || isStockToldUntruth) {
    counts.stockWrong += 1;
    return;
  }
  // Or the conditions make another plan of the same question, which loses more or less by what goes wrong: without them both say the same.
  const decided = withoutConditions(made);
  const decidedDocument = parse(decided.query);
  const stockDecided = await outcomeOf(rivals.askStock(decidedDocument, decided, world()));
  const isAsWithoutConditions =
    isDeepStrictEqual(own, truth) &&
    stockDecided !== 'no plan' &&
    compare(decidedDocument, made.variables, stockDecided, ours) === 'same';
  if (!isAsWithoutConditions) expect({ made, ...ours }).toEqual({ made, ...stock });
  counts.plannedOtherwise += 1;
}

describe(`${operationCount} made-up operations`, () => {
  test.each(fixtures)(
    'on $name give the same on both',
    async (fixture) => {
      const rivals = await Rivals.start(fixture);
      const numRuns = Math.ceil(operationCount * fixture.share);
      await check(
        asyncProperty(gen(), nat(1_000_000), async (choose, number) => {
          const made = makeOperation(rivals.schema, fixture.maxDepth, (max) => choose(nat, max));
          const document = rivals.parse(made);
          if (document !== undefined) await compareOne(fixture, rivals, made, document, number);
        }),
        { numRuns, seed, endOnFailure: true },
      );
    },
    600_000,
  );

  test('are mostly valid, so that they are compared, and seldom planned otherwise than without their conditions', () => {
    expect(counts.compared).toBeGreaterThan(operationCount / 2);
    expect(counts.plannedOtherwise).toBeLessThanOrEqual(Math.ceil(counts.compared / 500));
    expect(counts.stockWrong).toBeLessThanOrEqual(Math.ceil(counts.compared / 20));
  });

  afterAll(() => {
    // oxlint-disable-next-line no-console
    console.log(`oracle: ${JSON.stringify(counts)}`);
  });
});
