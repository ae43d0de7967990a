import { LRUCache } from 'lru-cache';
import { RequestRefused } from '../errors.ts';
import { checkDocument, type CheckedDocument, type KnownOperation } from './checked-document.ts';
import { evaluate } from './cost/formula.ts';
import type { CostModel } from './cost/model.ts';
import { limitExceeded, type Limits } from './limits.ts';
import { checkListVariables } from './list-length.ts';
import type { Novelty } from './novelties.ts';
import { checkPageVariables } from './page-size.ts';

/** Documents that are remembered as within the limits, and what they weigh together. */
const maxDocuments = 5_000;
const maxDocumentsWeight = 10_000_000;

/** One request, as far as the limits look at it. */
export interface CheckedRequest {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  operationName: string | null;
}

/** The operation of a request that is within the limits. */
export interface CheckedOperation {
  readonly operation: KnownOperation;
  /** What it may cost with the variables of the request, in points. */
  readonly requestedCost: number;
  /** What it costs besides, since it comes for the first time; null where it does not. */
  readonly novelty: Novelty | null;
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
      const found = checkDocument(query, model, limits);
      if (found === null) return null;
      document = found;
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
    const novelty = document.novelties.of(document.operations.indexOf(operation), variables);
    return { operation, requestedCost, novelty };
  };
}
