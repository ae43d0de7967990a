import { dirname, join, normalize } from 'node:path/posix';

/** An import as it stands in a file; paths are relative to the repository, with `/`. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
  /** `import type …`: gone when the program runs. */
  readonly isType: boolean;
}

/** Packages of the repository: the folder, and what its sources may import beside themselves. */
const packages: Readonly<Record<string, readonly string[]>> = {
  gateway: ['kit'],
  schema: ['kit'],
  'schema/vocabulary': [],
  load: ['kit', 'local', 'seed'],
  'infra/kit': [],
  'infra/ledger': ['kit'],
  'infra/local': ['kit'],
  'infra/payments': ['kit'],
  'infra/sandbox': ['kit'],
  'infra/seed': ['vocabulary'],
};
const ofSubgraphs: readonly string[] = ['kit', 'ledger', 'payments', 'vocabulary', 'seed'];
/** Tests may also start the outside world, a whole system, and use the cast. */
const ofTests: readonly string[] = ['kit', 'sandbox', 'local', 'seed'];

/** Inside a subgraph: who stands higher may import who stands lower, or at the same height in its own folder. */
const heights: readonly (readonly [RegExp, number])[] = [
  [/^(main|migrate|seed|sdl)\.ts$/, 9],
  [/^(app\.ts|seed\/)/, 8],
  [/^schema\.ts$/, 7],
  [/^graphql\//, 6],
  [/^builder\.ts$/, 5],
  [/^context\.ts$/, 4],
  [/^loaders\.ts/, 3.5],
  // The words of the subgraph (its enums and their types), and formulas that SQL computes, stand below all that uses them.
  [/^domain\/(words|[a-z-]+-formula)\.ts$/, 0],
  [/^limits\.ts$/, 3],
  [/^domain\//, 3],
  [/^providers\//, 2],
  [/^db\//, 1],
  [/^config\.ts$/, 0],
  // What the edge may keep, and show to whom: lists of names.
  [/^(public-copies|contracts)\.ts$/, 0],
];
/** Other ways in, such as events and jobs, stand beside graphql. */
const OTHER_HEIGHT = 6;
const BUILDER_HEIGHT = 5;

/** What an import breaks, in words; undefined when it is as it should be. */
export function violationOf(each: Import): string | undefined {
  const home = packageOf(each.file);
  if (home === undefined) return undefined;
  const isTest = each.file.startsWith(`${home}/test/`);
  if (each.specifier.startsWith('.')) return relativeViolation(each, home, isTest);
  const name = /^@banyan\/([a-z-]+)/.exec(each.specifier)?.[1];
  if (name === undefined || home.endsWith(`/${name}`) || home === name) return undefined;
  const allowed = packages[home] ?? ofSubgraphs;
  if (allowed.includes(name) || (isTest && ofTests.includes(name))) return undefined;
  return `${home} must not import @banyan/${name}`;
}

function packageOf(file: string): string | undefined {
  const parts = file.split('/');
  const two = parts.slice(0, 2).join('/');
  if (parts[0] === 'subgraphs') return two;
  return two in packages ? two : parts[0] !== undefined && parts[0] in packages ? parts[0] : undefined;
}

function relativeViolation(each: Import, home: string, isTest: boolean): string | undefined {
  const target = normalize(join(dirname(each.file), each.specifier));
  if (!target.startsWith(`${home}/`) || packageOf(target) !== home) {
    return `${target} is in another package: import it by name`;
  }
  if (isTest || !home.startsWith('subgraphs/')) return undefined;
  const source = `${home}/src/`;
  if (!each.file.startsWith(source)) return undefined;
  if (!target.startsWith(source)) return `${target} is no source of ${home}`;
  return heightViolation(each, each.file.slice(source.length), target.slice(source.length));
}

function heightViolation(each: Import, from: string, to: string): string | undefined {
  const [own, other] = [heightOf(from), heightOf(to)];
  if (other < own) return undefined;
  const isSameFolder = from.includes('/') && from.split('/')[0] === to.split('/')[0];
  if (other === own && isSameFolder) return undefined;
  // An action names what it needs by the type of the context, a query names a rule's shape: nothing is loaded for it.
  if (each.isType && other < BUILDER_HEIGHT) return undefined;
  return `${from} must not import ${to}: main -> app -> schema -> graphql -> {domain, loaders} -> db, never back`;
}

function heightOf(path: string): number {
  return heights.find(([pattern]) => pattern.test(path))?.[1] ?? OTHER_HEIGHT;
}
