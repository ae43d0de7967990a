import { Kind, parse, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';
import { CostModel } from '../../src/limits/cost/model.ts';
import { reckon } from '../../src/limits/cost/selection-cost.ts';

/** The costs of a small graph that has each way to say what something costs. */
export const model = new CostModel(/* GraphQL */ `
  directive @cost(
    weight: Int!
  ) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int
    slicingArguments: [String!]
    sizedFields: [String!]
    requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION

  type Query {
    items(first: Int = 3): [Item!]!
      @cost(weight: 2)
      @listSize(assumedSize: 9, slicingArguments: ["first"], requireOneSlicingArgument: false)
    page(first: Int, last: Int): Page
      @listSize(
        assumedSize: 4
        slicingArguments: ["first", "last"]
        sizedFields: ["nodes"]
        requireOneSlicingArgument: false
      )
    thing: Thing
    find(words: String @cost(weight: 7)): Item
  }
  type Mutation {
    buy: Item
    pay: Item @cost(weight: 40)
  }
  type Page {
    total: Int!
    nodes: [Item!]!
  }
  type Item implements Thing {
    id: ID!
    price: Money
    parts: [Part!]! @listSize(assumedSize: 2)
    tags: [String!]!
    notes: [Note!]!
    like: Thing
  }
  type Part implements Thing @cost(weight: 5) {
    id: ID!
    item: Item
  }
  type Note {
    text: String!
  }
  type Money @cost(weight: 0) {
    minor: Int!
  }
  interface Thing {
    id: ID!
  }
`);

/** What an operation costs on that graph, before its variables are known. */
export function shapeOf(text: string) {
  const { definitions } = parse(text);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) operation = definition;
  }
  if (operation === undefined) throw new Error('There is no operation.');
  return reckon(model, operation, fragments);
}
