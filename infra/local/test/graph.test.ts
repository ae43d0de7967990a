import { sharedByTests } from '@banyan/kit/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { portOffsets } from '../src/ports.ts';
import { repositoryRoot } from '../src/services.ts';
import { testEffects } from './effect-tests.ts';
import { testWhatEverybodySees } from './everybody-tests.ts';
import { testGifts } from './gift-tests.ts';
import { examplesFolder, operationQueries, readExample } from './graph-client.ts';
import { testLive } from './live-tests.ts';
import { testPartnerApps } from './partner-app-tests.ts';
import { startTestGraph } from './test-graph.ts';

/** One for all of them: a system takes its time to start. */
const graph = await sharedByTests(startTestGraph());

interface Screen {
  campaign: {
    donations: { nodes: unknown[] };
    supportingCircles: { nodes: { stations: { hotTopics: unknown[] }[] }[] };
  };
  me: { user: { displayName: string } };
}

describe('the flagship screen', () => {
  const flagship = readExample('campaign-screen.graphql');

  test('shows five subgraphs in one round trip, without an error', async () => {
    const { data, errors } = await graph.ask<Screen>(flagship, {}, graph.donor);
    expect(errors).toBeUndefined();
    expect(data.campaign.donations.nodes).toHaveLength(5);
    expect(data.campaign.supportingCircles.nodes).toHaveLength(3);
    const stations = data.campaign.supportingCircles.nodes.flatMap((circle) => circle.stations);
    expect(stations.some((station) => station.hotTopics.length > 0)).toBe(true);
    expect(data.me.user.displayName).toBe('王秀英');
  });

  test('asks the databases as often for long lists as for short ones', async () => {
    const long = flagship.replace(/first: \d+/g, 'first: 40');
    const short = flagship.replace(/first: \d+/g, 'first: 10');
    const queriesOf = async (operation: string) => {
      const before = await operationQueries(graph.system);
      const { errors } = await graph.ask(operation, {}, graph.donor);
      expect(errors).toBeUndefined();
      return (await operationQueries(graph.system)) - before;
    };
    // The first runs may fill what is kept between operations, and what is ready in one turn may travel in two: the least
    // that an operation needs is what it costs.
    const leastOf = async (operation: string) => {
      const counts = [];
      for (let run = 0; run < 6; run += 1) counts.push(await queriesOf(operation));
      return Math.min(...counts);
    };
    const [forShort, forLong] = [await leastOf(short), await leastOf(long)];
    expect(forShort).toBeGreaterThan(5);
    expect(forLong).toBeLessThanOrEqual(forShort);
  });
});

const followed = 'campaign-totals.graphql';
test.each(readdirSync(examplesFolder).filter((file) => file.endsWith('.graphql') && file !== followed))(
  'the example %s runs as it is',
  async (file) => {
    const { data, errors } = await graph.ask(readExample(file), {}, graph.donor);
    expect(errors).toBeUndefined();
    expect(data).not.toBeNull();
  },
);

describe('a gift', () => {
  testGifts(graph);
});

describe('what clients follow', () => {
  testLive(graph.system);
});

describe('what happens in one subgraph', () => {
  testEffects(graph);
});

describe('what is the same for everybody', () => {
  testWhatEverybodySees(graph);
});

describe('a partner’s app', () => {
  testPartnerApps(graph);
});

test('the page for operators has every metric that a process tells', async () => {
  const { system } = graph;
  const page = readFileSync(join(repositoryRoot, 'docs/for-operators.md'), 'utf8');
  const gateway = new URL(system.urls['gateway'] ?? '');
  gateway.port = String(Number(gateway.port) + portOffsets.admin);
  const places = [gateway.href, ...Object.keys(system.databases).map((name) => system.urls[name] ?? '')];
  const texts = await Promise.all(
    places.map(async (place) => (await fetch(new URL('/metrics', place))).text()),
  );
  const told = texts.flatMap((text) => [...text.matchAll(/^# HELP ((?:banyan|ledger)_\w+)/gm)]);
  const names = new Set(told.map(([, name = '']) => name));
  expect(texts).toHaveLength(6);
  expect(names).toContain('ledger_commit_seconds');
  expect([...names].filter((name) => !page.includes(`\n| \`${name}\` `))).toEqual([]);
});
