import { readdir, readFile } from 'node:fs/promises';
import { operationFromDocument } from '@apollo/federation-internals';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { compileSteps, type Step } from '../src/engine/steps.ts';
import { Supergraph } from '../src/engine/supergraph.ts';

const schemaFolder = new URL('../../schema/', import.meta.url);
const supergraph = new Supergraph(await readFile(new URL('supergraph.graphql', schemaFolder), 'utf8'));

async function stepsOf(file: string): Promise<Step | null> {
  const document = parse(await readFile(new URL(`operations/${file}`, schemaFolder), 'utf8'));
  expect(validate(supergraph.schema, document)).toEqual([]);
  const plan = supergraph.planner.buildQueryPlan(operationFromDocument(supergraph.apiSchema, document));
  return compileSteps(plan, supergraph, () => true).step;
}

function fetchesIn(step: Step): number {
  return step.kind === 'fetch' ? 1 : step.steps.reduce((sum, each) => sum + fetchesIn(each), 0);
}

/** Fetches that wait for each other, the longest row of them. */
function levelsIn(step: Step): number {
  if (step.kind === 'fetch') return 1;
  const levels = step.steps.map(levelsIn);
  return step.kind === 'sequence' ? levels.reduce((sum, each) => sum + each, 0) : Math.max(...levels);
}

test('the flagship screen is ten fetches in four levels', async () => {
  const step = await stepsOf('campaign-screen.graphql');
  expect(step === null ? null : [fetchesIn(step), levelsIn(step)]).toEqual([10, 4]);
});

test.each(await readdir(new URL('operations', schemaFolder)))('%s can be planned', async (file) => {
  expect(await stepsOf(file)).not.toBeNull();
});
