import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** Stands before aliases that are names of fields, as long as nobody may mistake them. */
export const shadowPrefix = 's_';

/** Picks a whole number from 0 to `max`. */
export type Choose = (max: number) => number;

export interface MadeOperation {
  query: string;
  /** The same where an alias that is the name of a field begins with `shadowPrefix`: the stock gateway mixes such up. */
  plainQuery?: string;
  variables: Record<string, unknown>;
}

/** Writes a random operation of a schema, with aliases, fragments, variables and conditions. */
export function makeOperation(schema: GraphQLSchema, maxDepth: number, choose: Choose): MadeOperation {
  return new Maker(schema, maxDepth, choose).make();
}

class Maker {
  readonly #schema: GraphQLSchema;
  readonly #maxDepth: number;
  readonly #choose: Choose;
  readonly #variables: Record<string, unknown> = {};
  readonly #definitions: string[] = [];
  readonly #fragments: string[] = [];
  #count = 0;

  constructor(schema: GraphQLSchema, maxDepth: number, choose: Choose) {
    this.#schema = schema;
    this.#maxDepth = maxDepth;
    this.#choose = choose;
  }

  make(): MadeOperation {
    const mutation = this.#schema.getMutationType();
    const isMutation = mutation != null && this.#choose(9) === 0;
    const root = isMutation ? mutation : this.#schema.getQueryType();
    if (root == null) throw new Error('There is no query.');
    const selections = this.#selections(root, 0);
    const definitions = this.#definitions.length > 0 ? `(${this.#definitions.join(', ')})` : '';
    const name = this.#choose(1) === 0 || definitions !== '' ? ' Made' : '';
    const query = `${isMutation ? 'mutation' : 'query'}${name}${definitions} ${selections} ${this.#fragments.join(' ')}`;
    return {
      query: query.replaceAll(new RegExp(`\\b${shadowPrefix}(\\w+):`, 'g'), '$1:'),
      plainQuery: query,
      variables: this.#variables,
    };
  }

  #fresh(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#choose(items.length - 1)] as Item;
  }

  /** @param within the object type around, where `type` is an interface that stands inside of it. */
  #selections(type: GraphQLCompositeType, depth: number, within?: GraphQLObjectType): string {
    const count = 1 + this.#choose(depth === 0 ? 2 : 3);
    const selections = Array.from({ length: count }, () => this.#selection(type, depth, within));
    return `{ ${selections.join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number, within?: GraphQLObjectType): string {
    const roll = this.#choose(9);
    if (roll === 0) return this.#choose(1) === 0 ? '__typename' : `${this.#fresh('t')}: __typename`;
    // The stock gateway loses what is narrowed again in there; see docs/executor.md.
    if (within !== undefined) return this.#field(type, depth);
    if (isUnionType(type) || (isAbstractType(type) && roll <= 5)) {
      const members = this.#schema.getPossibleTypes(type);
      return this.#fragment(this.#one(members), depth);
    }
    if (roll === 1 && depth < this.#maxDepth) {
      const wider = isObjectType(type) ? [type, ...type.getInterfaces()] : [type];
      return this.#fragment(this.#one(wider), depth, isObjectType(type) ? type : undefined);
    }
    return this.#field(type, depth);
  }

  #fragment(type: GraphQLCompositeType, depth: number, around?: GraphQLObjectType): string {
    const selections = this.#selections(type, depth + 1, isAbstractType(type) ? around : undefined);
    if (this.#choose(3) > 0) return `... on ${type.name}${this.#condition()} ${selections}`;
    const name = this.#fresh('F');
    this.#fragments.push(`fragment ${name} on ${type.name} ${selections}`);
    return `...${name}${this.#condition()}`;
  }

  #field(type: GraphQLCompositeType, depth: number): string {
    if (isUnionType(type)) return '__typename';
    const all = Object.values(type.getFields());
    const leaves = all.filter((field) => !isCompositeType(getNamedType(field.type)));
    const rest = all.filter((field) => isCompositeType(getNamedType(field.type)));
    const isDeep = depth < this.#maxDepth && rest.length > 0 && (leaves.length === 0 || this.#choose(2) > 0);
    if (!isDeep && leaves.length === 0) return '__typename';
    return this.#write(this.#one(isDeep ? rest : leaves), depth, all);
  }

  #write(
    field: GraphQLField<unknown, unknown>,
    depth: number,
    beside: readonly GraphQLField<unknown, unknown>[],
  ): string {
    const given = field.args.map((argument) => this.#argument(argument)).filter((text) => text !== '');
    const isAliased = field.args.length > 0 || this.#choose(4) === 0;
    const named = getNamedType(field.type);
    return [
      isAliased ? `${this.#alias(field, beside)}: ` : '',
      field.name,
      given.length > 0 ? `(${given.join(', ')})` : '',
      this.#condition(),
      isCompositeType(named) ? ` ${this.#selections(named, depth + 1)}` : '',
    ].join('');
  }

  /** Mostly a name of its own, now and then that of another field, such as of a key. */
  #alias(field: GraphQLField<unknown, unknown>, beside: readonly GraphQLField<unknown, unknown>[]): string {
    const other = this.#choose(5) === 0 ? this.#one(beside).name : field.name;
    return other === field.name ? this.#fresh('a') : `${shadowPrefix}${other}`;
  }

  #condition(): string {
    if (this.#choose(7) > 0) return '';
    const directive = this.#choose(1) === 0 ? 'skip' : 'include';
    if (this.#choose(3) === 0) return ` @${directive}(if: ${this.#choose(1) === 0})`;
    const name = this.#fresh('c');
    if (this.#choose(2) === 0) this.#definitions.push(`$${name}: Boolean! = ${this.#choose(1) === 0}`);
    else {
      this.#definitions.push(`$${name}: Boolean!`);
      this.#variables[name] = this.#choose(1) === 0;
    }
    return ` @${directive}(if: $${name})`;
  }

  #argument(argument: GraphQLArgument): string {
    if (!isNonNullType(argument.type) && this.#choose(2) === 0) return '';
    const value = this.#value(argument.type);
    if (this.#choose(1) === 0) return `${argument.name}: ${literal(value)}`;
    const name = this.#fresh('v');
    const hasDefault = !isInputObjectType(getNamedType(argument.type)) && this.#choose(2) === 0;
    this.#definitions.push(`$${name}: ${String(argument.type)}${hasDefault ? ` = ${literal(value)}` : ''}`);
    if (!hasDefault || this.#choose(1) === 0) this.#variables[name] = value;
    return `${argument.name}: $${name}`;
  }

  #value(type: GraphQLInputType): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [this.#value(nullable.ofType)];
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter(
        (field) => isNonNullType(field.type) || this.#choose(1) === 0,
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type)]));
    }
    const number = this.#choose(4);
    switch (getNamedType(nullable).name) {
      case 'Int':
        return number;
      case 'ID':
        return `id-${number}`;
      case 'Boolean':
        return number % 2 === 0;
      default:
        return `text "${number}"`;
    }
  }
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${literal(each)}`)
      .join(', ')} }`;
  return JSON.stringify(value);
}
