import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { subgraphSettings } from '@banyan/kit/subgraph';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { settings } from '../src/config.ts';
import { errorCodes } from '../src/error-codes.ts';
import { documentsNotSupported, operationRequired } from '../src/operations/refusals.ts';
import { startEdge } from './support/edge.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const find = (pattern: string) => globSync(pattern, { cwd: root });
const forOperators = read('docs/for-operators.md');

/** The rows of all tables under a heading, cells without padding and code marks. */
function rowsUnder(heading: string, page: string): string[][] {
  const from = page.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`The page has no "${heading}".`);
  const end = page.slice(from + 1).search(/\n#/);
  const section = end < 0 ? page.slice(from) : page.slice(from, from + 1 + end);
  const rows = [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row]) =>
    (row ?? '').split(' | ').map((cell) => cell.trim().replaceAll('`', '')),
  );
  return rows.slice(1).filter(([first]) => first?.startsWith('---') !== true);
}

describe('for front-end teams', () => {
  test('every error code, and no other, with the status that it has', () => {
    const rows = rowsUnder('## What went wrong', read('docs/for-front-end-teams.md'));
    const told = rows.map(([code, status]) => [code, status]);
    expect(told).toEqual(
      Object.entries(errorCodes).map(([code, { status }]) => [code, status ?? 'in a field']),
    );
  });

  test('the refusals of operations by id have the status that the list of codes says', () => {
    for (const { status, extensions } of [documentsNotSupported(), operationRequired()])
      expect(errorCodes[extensions.code as keyof typeof errorCodes].status).toBe(String(status));
  });
});

/** A default as the page writes it. */
function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string' && value !== '') return value.replace(root, '');
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return 'none';
}

/** `[name, default]` of settings, as the page writes them. */
function defaultsOf(shape: Readonly<Record<string, z.ZodType>>): [string, string][] {
  return Object.entries(shape).map(([name, schema]) => {
    const parsed = schema.safeParse(undefined);
    return [name, parsed.success ? shown(parsed.data) : 'required'];
  });
}

/** `[subgraph, name, default]` of what a subgraph reads besides, from the text of its `config.ts`: no package imports it. */
function ownSettings(path: string): [string, string, string][] {
  const [, subgraph = ''] = path.split('/');
  const block = /\.\.\.subgraphSettings,\n([^]*?)\n\}\)/.exec(read(path))?.[1] ?? '';
  return block.split(/\n(?= {2}[A-Z])/).flatMap((text): [string, string, string][] => {
    const name = /^ *([A-Z][A-Z_]+):/.exec(text)?.[1];
    if (name === undefined) return [];
    const fallback = /\.default\('?([^')]*)'?\)/.exec(text)?.[1];
    const isOptional = text.includes('.optional()') || fallback?.startsWith('{') === true;
    return [[subgraph, name, isOptional ? 'none' : (fallback?.replace(/_|n$/g, '') ?? 'required')]];
  });
}

/** `name = default`, sorted, whatever else the rows say. */
function inOrder(rows: readonly (readonly string[])[]): string[] {
  return rows.map(([name, value]) => `${name} = ${value}`).toSorted();
}

describe('for operators', () => {
  const common = rowsUnder('### Every service', forOperators);

  test('every setting of the gateway, with its default', () => {
    const told = [...common, ...rowsUnder('### Gateway', forOperators)];
    expect(inOrder(told)).toEqual(inOrder(defaultsOf(settings.shape)));
  });

  test('every setting that subgraphs have in common, with its default', () => {
    const told = [...common, ...rowsUnder('### Every subgraph', forOperators)];
    expect(inOrder(told)).toEqual(inOrder(defaultsOf(subgraphSettings)));
  });

  test('every setting of a single subgraph, with its default', () => {
    const told = rowsUnder('### Single subgraphs', forOperators).flatMap(([subgraphs = '', name, value]) =>
      subgraphs.split(', ').map((subgraph) => [subgraph, name, value].join(' ')),
    );
    const known = find('subgraphs/*/src/config.ts').flatMap((path) => ownSettings(path));
    expect(known.length).toBeGreaterThan(10);
    expect(told.toSorted()).toEqual(known.map((setting) => setting.join(' ')).toSorted());
  });

  /** Names of metrics in the text of the programs that register any. */
  function registered(pattern: string): Set<string> {
    const texts = find(pattern).map((path) => read(path));
    const names = texts
      .filter((text) => text.includes("from 'prom-client'"))
      .flatMap((text) => text.match(/(?<=')(?:banyan|ledger)_[a-z_]+(?=')/g) ?? []);
    return new Set(names);
  }

  /** Names of metrics in first cells of the tables. */
  const told: readonly string[] = forOperators.match(/(?<=^\| `)(?:banyan|ledger)_[a-z_]+(?=`)/gm) ?? [];

  test('every metric that a program registers, once, and no other', () => {
    const known = new Set(
      ['gateway/src/**/*.ts', 'infra/*/src/**/*.ts', 'subgraphs/*/src/**/*.ts'].flatMap((pattern) => [
        ...registered(pattern),
      ]),
    );
    expect(told.toSorted()).toEqual([...known].toSorted());
    const mentioned = forOperators.match(/\b(?:banyan|ledger)_[a-z_]+/g) ?? [];
    const plain = mentioned.map((name) => name.replace(/_count$/, ''));
    expect(plain.filter((name) => !known.has(name))).toEqual([]);
  });

  test('every metric that an edge that runs tells, and what it is', async () => {
    const { adminUrl } = await startEdge();
    const text = await (await fetch(`${adminUrl}/metrics`)).text();
    const help = [...text.matchAll(/^# HELP (banyan_\w+) (.*)$/gm)];
    expect(help.length).toBeGreaterThan(20);
    expect(help.filter(([, name = '']) => !told.includes(name))).toEqual([]);
    expect(help.filter(([, , says = '']) => says.length < 10)).toEqual([]);
  });
});

const pages = ['*.md', 'docs/**/*.md', 'subgraphs/*/*.md', 'infra/*/*.md'].flatMap((pattern) =>
  find(pattern),
);

test('drawings can be drawn: nothing in them has another meaning for Mermaid', () => {
  const drawings = pages.flatMap((page) =>
    [...read(page).matchAll(/^```mermaid\n(\w+)([^]*?)^```$/gm)].map(([, kind = '', text = '']) => ({
      page,
      kind,
      text,
    })),
  );
  // A message ends at a semicolon, and these words begin or end something where a node may stand.
  const misread: Readonly<Record<string, RegExp>> = {
    sequenceDiagram: /;/,
    flowchart: /[>&]\s*(?:graph|subgraph|end)\b|^\s*(?:graph|subgraph|end)\s*[-=<&]/m,
  };
  expect(drawings.length).toBeGreaterThan(5);
  expect(drawings.filter(({ kind, text }) => misread[kind]?.test(text) !== false)).toEqual([]);
});

test('links of the documents lead somewhere', () => {
  const dead = pages.flatMap((page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    const own = links.filter((link) => !/^[a-z]+:/.test(link));
    return own
      .filter((link) => !existsSync(resolve(root, dirname(page), link)))
      .map((link) => `${page}: ${link}`);
  });
  expect(pages.length).toBeGreaterThan(10);
  expect(dead).toEqual([]);
});

test('the tests that documents cite are there, with the words that they cite', () => {
  const tests = find('{gateway,schema,load,infra/*,subgraphs/*}/test/**/*.test.ts');
  const cited = pages.flatMap((page) =>
    [...read(page).matchAll(/`([\w./-]+\.test\.ts)`((?:, "[^"]+")*)/g)].map(([, file = '', words = '']) => ({
      page,
      file,
      words: [...words.matchAll(/"([^"]+)"/g)].map(([, each = '']) => each),
    })),
  );
  const isThere = ({ file, words }: { file: string; words: readonly string[] }) =>
    tests
      .filter((path) => `/${path}`.endsWith(`/${file}`))
      .some((path) => words.every((each) => read(path).includes(each)));
  expect(cited.length).toBeGreaterThan(20);
  expect(cited.filter((each) => !isThere(each))).toEqual([]);
});
