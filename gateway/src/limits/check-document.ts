import {
  GraphQLError,
  Kind,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { badRequest, RequestRefused } from '../errors.ts';
import { limitExceeded, type Limits } from './limits.ts';
import { createMeasurer, type Measure } from './measure.ts';
import { checkPageArguments, checkPageDefaults, checkPageVariables } from './page-size.ts';

/** Documents that are remembered as within the limits, and their characters together. */
const maxDocuments = 5_000;
const maxDocumentCharacters = 10_000_000;

/** One request, as far as the limits look at it. */
export interface CheckedRequest {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  operationName: string | null;
}

interface CheckedDocument {
  operations: readonly { name: string | null; type: OperationTypeNode }[];
  /** Variables that say the size of a page, with the argument that they are given to. */
  pageVariables: ReadonlyMap<string, string>;
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

function checkDocument(document: DocumentNode, limits: Limits): CheckedDocument {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const pageVariables = new Map<string, string>();
  const measure = createMeasurer(fragments, (field) => {
    checkPageArguments(field, limits, pageVariables);
  });
  for (const operation of operations) {
    const measured = measure(operation.selectionSet);
    checkMeasure(
      { ...measured, directives: measured.directives + (operation.directives?.length ?? 0) },
      limits,
    );
  }
  for (const operation of operations) checkPageDefaults(operation, limits, pageVariables);
  return {
    operations: operations.map((operation) => ({
      name: operation.name?.value ?? null,
      type: operation.operation,
    })),
    pageVariables,
  };
}

function pickOperation({ operations }: CheckedDocument, operationName: string | null): OperationTypeNode {
  const named = operationName === null ? operations : operations.filter(({ name }) => name === operationName);
  const [operation] = named;
  if (operation === undefined || named.length > 1) {
    const message =
      operationName === null
        ? 'Say with operationName which of the operations to run.'
        : 'There is no operation of that name.';
    throw new RequestRefused(400, message, { code: 'OPERATION_RESOLUTION_FAILURE' });
  }
  if (operation.type === 'subscription') throw badRequest('Subscriptions are not served here.');
  return operation.type;
}

/**
 * Refuses what asks for more than the limits allow, before it is validated or planned: both may take long for a document
 * that expands.
 * @returns the check, which gives the type of the operation to run; null for what cannot be parsed and is left for the
 * server to explain.
 */
export function createRequestCheck(limits: Limits): (request: CheckedRequest) => OperationTypeNode | null {
  const checked = new LRUCache<string, CheckedDocument>({
    max: maxDocuments,
    maxSize: maxDocumentCharacters,
    sizeCalculation: (_document, query) => query.length + 1,
  });
  return ({ query, variables, operationName }) => {
    let document = checked.get(query);
    if (document === undefined) {
      const parsed = parseWithin(query, limits);
      if (parsed === null) return null;
      document = checkDocument(parsed, limits);
      checked.set(query, document);
    }
    checkPageVariables(variables, limits, document.pageVariables);
    return pickOperation(document, operationName);
  };
}
