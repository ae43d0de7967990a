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
import { LRUCache } from 'lru-cache';
import { RequestRefused } from '../errors.ts';
import { evaluate } from './cost/formula.ts';
import type { CostModel } from './cost/model.ts';
import { reckon, TooManySelections, type ObjectCost } from './cost/selection-cost.ts';
import { limitExceeded, type Limits } from './limits.ts';
import { checkListDefaults, checkListValue, checkListVariables } from './list-length.ts';
import { createMeasurer, type Measure } from './measure.ts';
import { checkPageArguments, checkPageDefaults, checkPageVariables } from './page-size.ts';

/** Documents that are remembered as within the limits, and what they weigh together. */
const maxDocuments = 5_000;
const maxDocumentsWeight = 10_000_000;
/** What is kept of a field weighs as much as so many characters. */
const fieldWeight = 50;

/** One request, as far as the limits look at it. */
export interface CheckedRequest {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  operationName: string | null;
}

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

/** The operation of a request that is within the limits. */
export interface CheckedOperation {
  readonly operation: KnownOperation;
  /** What it may cost with the variables of the request, in points. */
  readonly requestedCost: number;
}

interface CheckedDocument {
  operations: readonly KnownOperation[];
  /** Variables that say the size of a page, with the argument that they are given to. */
  pageVariables: ReadonlyMap<string, string>;
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

function checkDocument(document: DocumentNode, model: CostModel, limits: Limits): CheckedDocument {
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
  let weight = 0;
  const measure = createMeasurer(fragments, (field) => {
    isIntrospection ||= isOfSchema(field);
    checkPageArguments(field, limits, pageVariables);
    for (const { value } of field.arguments ?? []) checkListValue(value, limits);
  });
  for (const operation of operations) {
    const measured = measure(operation.selectionSet);
    const directives = measured.directives + (operation.directives?.length ?? 0);
    checkMeasure({ ...measured, directives }, limits);
    weight += measured.fields * fieldWeight;
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
  return { operations: known, pageVariables, weight };
}

function pickOperation({ operations }: CheckedDocument, operationName: string | null): KnownOperation {
  const named = operationName === null ? operations : operations.filter(({ name }) => name === operationName);
  const [operation] = named;
  if (operation === undefined || named.length > 1) {
    const message =
      operationName === null
        ? 'Say with operationName which of the operations to run.'
        : 'There is no operation of that name.';
    throw new RequestRefused(400, message, { code: 'OPERATION_RESOLUTION_FAILURE' });
  }
  return operation;
}

/**
 * Refuses what asks for more than the limits allow, before it is validated or planned: both may take long for a document
 * that expands. What is checked once is remembered, until the graph changes and with it what things cost.
 * @returns the check, which gives the operation to run and what it may cost; null for what cannot be parsed and is left for
 * the server to explain.
 */
export function createRequestCheck(
  limits: Limits,
  costModel: () => CostModel,
): (request: CheckedRequest) => CheckedOperation | null {
  let model = costModel();
  const checked = new LRUCache<string, CheckedDocument>({
    max: maxDocuments,
    maxSize: maxDocumentsWeight,
    sizeCalculation: (document, query) => query.length + document.weight + 1,
  });

  function documentOf(query: string): CheckedDocument | null {
    if (model !== costModel()) {
      model = costModel();
      checked.clear();
    }
    let document = checked.get(query);
    if (document === undefined) {
      const parsed = parseWithin(query, limits);
      if (parsed === null) return null;
      document = checkDocument(parsed, model, limits);
      checked.set(query, document);
    }
    return document;
  }

  return ({ query, variables, operationName }) => {
    const document = documentOf(query);
    if (document === null) return null;
    checkPageVariables(variables, limits, document.pageVariables);
    checkListVariables(variables, limits);
    const operation = pickOperation(document, operationName);
    const requestedCost = evaluate(operation.cost.requested, variables);
    if (requestedCost > limits.maxCost) {
      const what = `The operation may cost ${requestedCost} points`;
      throw limitExceeded('maxCost', limits, what, { requested: requestedCost });
    }
    return { operation, requestedCost };
  };
}
