import {
  GraphQLError,
  Kind,
  parse,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { TooManySelections } from './cost/collected-fields.ts';
import type { CostModel } from './cost/model.ts';
import { reckon, type ObjectCost } from './cost/selection-cost.ts';
import { limitExceeded, type Limits } from './limits.ts';
import { checkListDefaults, checkListValue } from './list-length.ts';
import { conditionVariables } from '../engine/conditions.ts';
import { createMeasurer, type Measure } from './measure.ts';
import { Novelties } from './novelties.ts';
import { checkPageArguments, checkPageDefaults } from './page-size.ts';

/** What is kept of a field weighs as much as so many characters. */
const fieldWeight = 50;

/** An operation of a document that is within the limits. */
export interface KnownOperation {
  readonly name: string | null;
  readonly type: OperationTypeNode;
  /** The fields of `Query` or `Mutation` that it asks for, by their names in the schema. */
  readonly rootFields: readonly string[];
  /** Whether it asks for `__schema` or `__type`. */
  readonly isIntrospection: boolean;
  readonly cost: ObjectCost;
}

/** A document that is within the limits, whatever its variables will be. */
export interface CheckedDocument {
  operations: readonly KnownOperation[];
  /** Variables that say the size of a page, with argument and field that they are given to, as a client is told. */
  pageVariables: ReadonlyMap<string, string>;
  /** What of it has come before. */
  novelties: Novelties;
  /** What is kept of it weighs as much as so many characters. */
  weight: number;
}

function parseWithin(query: string, limits: Limits): DocumentNode | null {
  try {
    return parse(query, { maxLexicalTokens: limits.maxTokens, noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (/more tha[nt] \d+ tokens/.test(error.message)) {
      throw limitExceeded('maxTokens', limits, 'The document has too many tokens');
    }
    return null;
  }
}

function checkMeasure(measure: Measure, limits: Limits): void {
  const { depth, fields, aliases, directives, topFields } = measure;
  if (depth > limits.maxDepth)
    throw limitExceeded('maxDepth', limits, `The operation is ${depth} levels deep`);
  if (topFields > limits.maxRootFields)
    throw limitExceeded('maxRootFields', limits, `The operation has ${topFields} root fields`);
  if (aliases > limits.maxAliases)
    throw limitExceeded('maxAliases', limits, `The operation has ${aliases} aliases`);
  if (directives > limits.maxDirectives)
    throw limitExceeded('maxDirectives', limits, `The operation has ${directives} directives`);
  if (fields > limits.maxFields)
    throw limitExceeded('maxFields', limits, `The operation has ${fields} fields`);
}

function reckonWithin(
  model: CostModel,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  limits: Limits,
): ObjectCost {
  try {
    return reckon(model, operation, fragments);
  } catch (error) {
    if (!(error instanceof TooManySelections)) throw error;
    throw limitExceeded('maxFields', limits, 'The operation has too many fields for its types');
  }
}

function isOfSchema({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

function checkOperations(document: DocumentNode, model: CostModel, limits: Limits): CheckedDocument {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  if (fragments.size > limits.maxFragments)
    throw limitExceeded('maxFragments', limits, `The document has ${fragments.size} fragments`);
  const pageVariables = new Map<string, string>();
  let isIntrospection = false;
  let fields = 0;
  const measure = createMeasurer(fragments, (field) => {
    isIntrospection ||= isOfSchema(field);
    checkPageArguments(field, limits, pageVariables);
    for (const { value } of field.arguments ?? []) checkListValue(value, limits);
  });
  for (const operation of operations) {
    const measured = measure(operation.selectionSet);
    const directives = measured.directives + (operation.directives?.length ?? 0);
    checkMeasure({ ...measured, directives }, limits);
    fields += measured.fields;
  }
  for (const operation of operations) {
    checkPageDefaults(operation, limits, pageVariables);
    checkListDefaults(operation, limits);
  }
  // Only now, when it is known how few fields there are when all fragments are written out.
  const known = operations.map((operation): KnownOperation => {
    const cost = reckonWithin(model, operation, fragments, limits);
    const rootFields = [...new Set(cost.fields.map(({ name }) => name))];
    return {
      name: operation.name?.value ?? null,
      type: operation.operation,
      rootFields,
      isIntrospection,
      cost,
    };
  });
  const novelties = new Novelties(fields, conditionVariables(document));
  return { operations: known, pageVariables, novelties, weight: fields * fieldWeight };
}

/**
 * Checks what a document asks for by itself: its size, its depth, its lists, and what its operations may cost.
 * @returns null for what cannot be parsed
 * @throws RequestRefused `LIMIT_EXCEEDED`.
 */
export function checkDocument(query: string, model: CostModel, limits: Limits): CheckedDocument | null {
  const document = parseWithin(query, limits);
  return document === null ? null : checkOperations(document, model, limits);
}
