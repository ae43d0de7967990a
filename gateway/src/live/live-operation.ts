import { pickLanguage, type Caller } from '@banyan/kit/hop';
import { GraphQLError, validate, type GraphQLFormattedError } from 'graphql';
import type { EdgeContext } from '../context.ts';
import type { CompiledOperation } from '../engine/operation.ts';
import type { CallSubgraph } from '../engine/subgraph-call.ts';
import type { Supergraph } from '../engine/supergraph.ts';
import type { StreamClient } from '../hop/subscription-stream.ts';
import type { GraphqlRequest } from '../http/read-request.ts';
import { canonicalJson } from './canonical-json.ts';
import { createLiveDocuments, declaredVariables, type LiveDocument } from './live-documents.ts';
import type { LivePlan } from './live-plan.ts';
import { createRefuse } from './refused.ts';

/** Who subscribes. */
export interface LiveCaller {
  caller: Caller;
  requestId: string;
  language: string | undefined;
}

/** A subscription of a client. */
export interface LiveOperation {
  /** The same for those who get the same results: same question, same view of the graph, same caller. */
  readonly key: string;
  /**
   * How it is followed on the present version of the graph.
   * @throws SubscriptionRefused when it is not valid there.
   */
  plan(): LivePlan;
}

export interface LiveOperationsOptions {
  supergraph(): Supergraph;
  /** The part of the graph that a caller sees; null for the whole. */
  viewOf(caller: Caller): string | null;
  streams: Pick<StreamClient, 'open'>;
  call: CallSubgraph<EdgeContext>;
  /** The longest that the rest of one event may take, in milliseconds. */
  maxDeadlineMs: number;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  /** From 0 to below 1; decides which streams follow a progressive override. */
  random?: () => number;
}

/** What of a caller can make a difference to what is seen: nothing of a stranger. */
function callerKey({ subject, roles, app }: Caller): string {
  return canonicalJson([subject, [...roles].sort(), app?.id ?? null, [...(app?.scopes ?? [])].sort()]);
}

/** Turns requests of clients into subscriptions of the graph. */
export function createLiveOperations(
  options: LiveOperationsOptions,
): (request: GraphqlRequest, who: LiveCaller) => LiveOperation {
  const { random = Math.random } = options;
  const refuse = createRefuse(options.formatError);
  const documentOf = createLiveDocuments(refuse);

  function compiled(
    { document, hash, validOn }: LiveDocument,
    { query, operationName }: GraphqlRequest,
    view: string | null,
  ): CompiledOperation {
    const supergraph = options.supergraph();
    const schema = supergraph.schemaOf(view);
    if (!validOn.has(schema)) {
      const [wrong] = validate(schema, document);
      if (wrong !== undefined) throw refuse(wrong, 'GRAPHQL_VALIDATION_FAILED');
      validOn.add(schema);
    }
    return supergraph.compiled({
      view,
      document,
      documentKey: hash,
      characters: query.length,
      operationName,
      overrides: supergraph.overrideLabels.draw(random),
    });
  }

  return (request, who) => {
    const known = documentOf(request.query);
    const view = options.viewOf(who.caller);
    const variables = declaredVariables(known.document, request.variables);

    function contextOf(): EdgeContext {
      const deadlineAtMs = Date.now() + options.maxDeadlineMs;
      const nothingAsked = { checked: null, seesSchema: false, showsCost: false, settleCost: undefined };
      return { ...who, ...nothingAsked, deadlineAtMs, hasOwnDeadline: false };
    }

    function plan(): LivePlan {
      let operation: CompiledOperation;
      let stream: ReturnType<CompiledOperation['streamOf']>;
      try {
        operation = compiled(known, request, view);
        stream = operation.streamOf(variables);
      } catch (error) {
        throw error instanceof GraphQLError ? refuse(error) : error;
      }
      return {
        subgraph: stream.subgraph,
        open: (signal) => options.streams.open(stream, who, signal),
        async resolve(event) {
          const { data, errors } = await operation.runEvent(variables, event, options.call, contextOf());
          const shown = errors?.map((error) => options.formatError(error.toJSON(), error));
          return JSON.stringify({ data: data ?? null, ...(shown && { errors: shown }) });
        },
      };
    }

    const language = pickLanguage(who.language);
    const parts = [known.hash, request.operationName, view, variables, callerKey(who.caller), language];
    return { key: canonicalJson(parts), plan };
  };
}
