import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  getNamedType,
  getNullableType,
  GraphQLError,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';

/** How much goes wrong in a world, of 1,000 fields each. */
export interface Mishaps {
  nulls: number;
  errors: number;
}

/** Says a subgraph that was asked for a field without what it requires. */
export const notBrought = 'NOT_BROUGHT';

interface Thing {
  __typename?: string;
  /** What the thing is, the same in all subgraphs. */
  key?: string;
  number?: number;
  [field: string]: unknown;
}

/** FNV-1a, for values that look random and are the same every time. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return (value ^ (value >>> 15)) >>> 0;
}

const distinctThings = 7;

/**
 * Makes up everything that subgraphs know: each value follows from the seed, the thing and the field, so that two
 * subgraphs that know the same agree, and so do two gateways that ask in another order.
 */
export class World {
  readonly #seed: string;
  readonly #entities: ReadonlySet<string>;
  readonly #mishaps: Mishaps;

  constructor(seed: number, entities: ReadonlySet<string>, mishaps: Mishaps) {
    this.#seed = String(seed);
    this.#entities = entities;
    this.#mishaps = mishaps;
  }

  /** Answers a field of any subgraph. */
  readonly resolve: GraphQLFieldResolver<Thing | undefined, unknown, Record<string, unknown>> = (
    source,
    args,
    _context,
    info,
  ) => {
    const given = source?.[info.fieldName];
    const parent = thingOf(source, info);
    for (const name of requiredBy(info)) {
      if (source?.[name] === undefined)
        throw new GraphQLError(`${name} was not brought along.`, { extensions: { code: notBrought } });
    }
    const isBrought = source !== undefined && given !== undefined && source.key === undefined;
    if (isBrought && !isCompositeType(getNamedType(info.returnType))) return given;
    const key = `${parent.key}.${info.fieldName}${Object.keys(args).length > 0 ? JSON.stringify(args) : ''}`;
    const type = info.returnType;
    const chance = hash(`${this.#seed} mishap ${key}`) % 1_000;
    if (info.fieldName !== 'badge' && !isIdentity(type)) {
      if (chance < this.#mishaps.errors / (isNonNullType(type) ? 5 : 1))
        throw new GraphQLError('Made up.', { extensions: { code: 'MADE_UP' } });
      if (chance > 1_000 - this.#mishaps.nulls && !isNonNullType(type)) return null;
    }
    return this.#make(type, key, parent, info);
  };

  #make(type: GraphQLOutputType, key: string, parent: Thing, info: GraphQLResolveInfo): unknown {
    const value = hash(`${this.#seed} ${key}`);
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      return Array.from({ length: value % 4 }, (_item, index) => {
        const isNull =
          !isNonNullType(nullable.ofType) && hash(`${this.#seed} null ${key} ${index}`) % 9 === 0;
        return isNull ? null : this.#make(nullable.ofType, `${key}[${index}]`, parent, info);
      });
    }
    const named = getNamedType(nullable);
    if (isCompositeType(named))
      return this.#makeThing(named.name, value % distinctThings, key, parent, info.schema);
    if (isEnumType(named)) return named.getValues()[value % named.getValues().length]?.name;
    switch (named.name) {
      case 'ID':
        return `${info.fieldName}-${parent.number ?? 0}`;
      case 'Int':
        return value % 1_000;
      case 'Float':
        return (value % 1_000) / 8;
      case 'Boolean':
        return value % 2 === 0;
      default:
        return value % 11 === 0 ? '' : `${info.fieldName} ${value % 97}`;
    }
  }

  /** A composite value: an entity has a number of its own, anything else belongs to its parent. */
  #makeThing(typename: string, number: number, key: string, parent: Thing, schema: GraphQLSchema): Thing {
    const type = schema.getType(typename);
    let name = typename;
    let own = number;
    if (isAbstractType(type)) {
      const names = schema
        .getPossibleTypes(type)
        .map((possible) => possible.name)
        .toSorted();
      const family = familyOf(names[0] ?? '');
      if (family === undefined) name = names[own % names.length] ?? '';
      else {
        while (!names.includes(memberOf(family, own))) own = (own + 1) % distinctThings;
        name = memberOf(family, own);
      }
    }
    if (name === 'Query') return { key: name };
    const isEntity = this.#entities.has(name);
    if (!isEntity) return { __typename: name, key, number: parent.number ?? 0 };
    return { __typename: name, key: entityKey(name, own), number: own };
  }
}

function isIdentity(type: GraphQLOutputType): boolean {
  return getNamedType(type).name === 'ID';
}

/** Names of the fields without which a field cannot be answered. */
function requiredBy(info: GraphQLResolveInfo): string[] {
  const field = info.parentType.getFields()[info.fieldName];
  const directive = field?.astNode?.directives?.find(({ name }) => name.value === 'requires');
  const argument = directive?.arguments?.[0]?.value;
  if (argument?.kind !== Kind.STRING) return [];
  return argument.value
    .replaceAll(/\{[^}]*\}/g, '')
    .trim()
    .split(/\s+/);
}

/** Types whose objects one interface object stands for. */
const families: Readonly<Record<string, readonly string[]>> = { Media: ['Book', 'Film', 'Atlas'] };

function familyOf(typename: string): string | undefined {
  return Object.keys(families).find(
    (name) => name === typename || families[name]?.includes(typename) === true,
  );
}

function memberOf(family: string, number: number): string {
  const members = families[family] ?? [];
  return members[number % members.length] ?? '';
}

function entityKey(typename: string, number: number): string {
  return `${familyOf(typename) ?? typename}:${number}`;
}

/** The number that an entity's key holds. */
function numberOf(reference: Thing): number {
  const isFirst = (name: string) => Number(name === 'id' || name === 'sku');
  const fields = Object.entries(reference).toSorted(([a], [b]) => isFirst(b) - isFirst(a));
  return Number(/-(\d+)"/.exec(JSON.stringify(fields))?.[1] ?? 0);
}

/** What a resolver's source is: made here, or a representation that the gateway sent. */
function thingOf(source: Thing | undefined, info: GraphQLResolveInfo): Thing {
  if (source === undefined) return { key: info.parentType.name };
  if (source.key !== undefined) return source;
  const number = numberOf(source);
  return { ...source, key: entityKey(info.parentType.name, number), number };
}

/** A subgraph of a world, in this process. */
export interface FakeSubgraph {
  /** Operations that it was asked, as text. */
  asked: { query: string; variables: Record<string, unknown> }[];
  run(
    query: string,
    variables: Record<string, unknown>,
  ): Promise<{
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
  }>;
}

const documents = new Map<string, DocumentNode>();

function parsed(query: string): DocumentNode {
  const known = documents.get(query);
  if (known !== undefined) return known;
  const document = parse(query);
  documents.set(query, document);
  return document;
}

/** A reference to an interface becomes an object of the type that the entity has. */
function referencesOf({ definitions }: DocumentNode) {
  const names = definitions.flatMap((each) =>
    each.kind === Kind.INTERFACE_TYPE_DEFINITION &&
    each.directives?.some(({ name }) => name.value === 'key') === true
      ? [each.name.value]
      : [],
  );
  const resolve = (reference: Thing): Thing => ({
    ...reference,
    __typename: memberOf(familyOf(reference.__typename ?? '') ?? '', numberOf(reference)),
  });
  return Object.fromEntries(
    names.map((name) => [name, { __resolveReference: resolve }]),
  ) as unknown as Record<string, Record<string, never>>;
}

const schemas = new Map<string, GraphQLSchema>();

function schemaOf(sdl: string): GraphQLSchema {
  const known = schemas.get(sdl);
  if (known !== undefined) return known;
  const typeDefs = parse(sdl);
  const schema = buildSubgraphSchema({ typeDefs, resolvers: referencesOf(typeDefs) });
  schemas.set(sdl, schema);
  return schema;
}

export function createFakeSubgraph(sdl: string, world: World): FakeSubgraph {
  const schema = schemaOf(sdl);
  const asked: FakeSubgraph['asked'] = [];
  return {
    asked,
    async run(query, variables) {
      asked.push({ query, variables });
      const result = await execute({
        schema,
        document: parsed(query),
        variableValues: variables,
        fieldResolver: world.resolve,
      });
      return JSON.parse(JSON.stringify(result)) as Awaited<ReturnType<FakeSubgraph['run']>>;
    },
  };
}

/** What an operation gives when one program knows everything: the truth, as far as nothing goes wrong. */
export async function askTruth(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Record<string, unknown>,
  world: World,
): Promise<unknown> {
  const { data } = await execute({ schema, document, variableValues, fieldResolver: world.resolve });
  return JSON.parse(JSON.stringify(data ?? null)) as unknown;
}

/** Where something goes wrong when one program knows everything, as JSON texts of paths. */
export async function askTrueErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Record<string, unknown>,
  world: World,
): Promise<ReadonlySet<string>> {
  const { errors = [] } = await execute({ schema, document, variableValues, fieldResolver: world.resolve });
  return new Set(errors.map(({ path = [] }) => JSON.stringify(path)));
}
