import type { GraphQLError } from 'graphql';
import { AskedEntities } from './asked-entities.ts';
import type { ClientPaths } from './client-paths.ts';
import { isOfAnotherType, type Doubt } from './doubts.ts';
import { EntityGroup } from './entity-group.ts';
import { placeErrors, type Target } from './error-places.ts';
import { requestOf, writeVariables, type CopyParts, type Fetch } from './fetch.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { mergeInto } from './merge.ts';
import { objectsAt, objectsWithAncestors } from './response-path.ts';
import type { ObjectShape } from './shape.ts';
import type { FetchStep, Step } from './steps.ts';
import type { CallSubgraph, FetchAnswer, FetchError } from './subgraph-call.ts';
import type { TypeRelations } from './type-relations.ts';
import { writeKnownPart, writeRepresentation } from './write-representation.ts';

export interface ExecutionOptions<Context> {
  variables: Readonly<Record<string, unknown>>;
  relations: TypeRelations;
  clientPaths: ClientPaths;
  call: CallSubgraph<Context>;
  context: Context;
}

const notAsAsked: readonly FetchError[] = [
  { message: 'A subgraph answered something else than it was asked.' },
];

/** One run of a plan: collects in `data` what the subgraphs bring, and says in `errorsFor` what they could not. */
export class Execution<Context> {
  readonly data: JsonObject = {};
  /** Whether a fetch from the root brought nothing at all, and said why. */
  isRootLost = false;
  readonly #options: ExecutionOptions<Context>;
  readonly #errors: { error: GraphQLError; doubt: Doubt | null }[] = [];
  /** Entities that wait for the end of this turn, by what is asked of them. */
  #waiting = new Map<string, EntityGroup>();
  readonly #asked = new AskedEntities();
  /** Objects to which a fetch was to add something and did not. */
  readonly #incomplete = new WeakSet<JsonObject>();

  constructor(options: ExecutionOptions<Context>) {
    this.#options = options;
  }

  async run(step: Step): Promise<void> {
    switch (step.kind) {
      case 'fetch':
        await (step.fetch.representation === null ? this.#fetch(step) : this.#fetchEntities(step));
        return;
      case 'sequence':
        for (const each of step.steps) await this.run(each);
        return;
      case 'parallel':
        await Promise.all(step.steps.map((each) => this.run(each)));
        return;
      default:
        step satisfies never;
    }
  }

  /** What went wrong with what the client asked for. */
  errorsFor(shape: ObjectShape): GraphQLError[] {
    return this.#errors
      .filter(({ doubt }) => doubt === null || !isOfAnotherType(doubt, shape, this.data))
      .map(({ error }) => error);
  }

  async #fetch(step: FetchStep): Promise<void> {
    const { fetch } = step;
    const objects = objectsAt(this.data, step.path);
    if (objects.length === 0) return;
    const variables = writeVariables(fetch, this.#options.variables);
    const answer = await this.#call(fetch, variables, { variables, entities: null });
    this.#accept(step, objects, answer);
  }

  /** Begins with what an event on the stream of a subscription brought. */
  begin(step: FetchStep, event: FetchAnswer): void {
    this.#accept(step, objectsAt(this.data, step.path), event);
  }

  #accept(step: FetchStep, objects: readonly JsonObject[], { data, errors }: FetchAnswer): void {
    const { fetch } = step;
    if (data !== undefined && data !== null) {
      const brought = fetch.rewriteOutput?.(data) ?? data;
      for (const object of objects) mergeInto(object, brought, this.#options.relations, step.additions);
    }
    if (errors !== undefined) {
      this.isRootLost ||= data === null && fetch.representation === null;
      const targets = objects.map((object) => ({ object, step, isKnownInPart: false }));
      this.#place(fetch, errors, [targets]);
    }
  }

  /** Fetches of the same from several places of the screen go as one, and each entity goes once. */
  async #fetchEntities(step: FetchStep): Promise<void> {
    const { fetch, path } = step;
    const groups = new Set<EntityGroup>();
    const add = (object: JsonObject, key: string, contextual: string) => {
      const whole = writeRepresentation(fetch, object);
      const representation = whole ?? (this.#incomplete.has(object) ? null : writeKnownPart(fetch, object));
      if (representation === null) return;
      const target = { object, step, isKnownInPart: whole === null };
      if (step.isRepeated === true && this.#share(key, representation, target, groups)) return;
      const group = this.#groupFor(step, key, contextual);
      group.add(representation, target);
      groups.add(group);
    };
    if (fetch.context === null) {
      for (const object of objectsAt(this.data, path)) add(object, fetch.sameKey, '');
    } else {
      for (const found of objectsWithAncestors(this.data, path)) {
        const contextual = fetch.context.write(found);
        add(found.object, `${fetch.sameKey}\n${contextual}`, contextual);
      }
    }
    if (groups.size === 0) return;
    const done = [...groups].map((group) => group.done);
    await (done.length === 1 ? done[0] : Promise.all(done));
  }

  /** Takes what was asked of the same entity before, or waits for it; false where it has to be asked. */
  #share(key: string, representation: string, target: Target, groups: Set<EntityGroup>): boolean {
    const earlier = this.#asked.find(key, representation);
    if (earlier === undefined) return false;
    if (earlier.isOver) {
      const entity = earlier.brought(representation);
      if (entity !== null) this.#mergeEntity(earlier.fetch, entity, [target]);
      return entity !== null;
    }
    earlier.add(representation, target);
    groups.add(earlier);
    return true;
  }

  /** @param contextual JSON text of the variables whose values come from above the entities. */
  #groupFor({ fetch, isRepeated }: FetchStep, key: string, contextual: string): EntityGroup {
    let group = this.#waiting.get(key);
    if (group === undefined) {
      if (this.#waiting.size === 0)
        queueMicrotask(() => {
          this.#flush();
        });
      group = new EntityGroup(fetch, contextual);
      this.#waiting.set(key, group);
      if (isRepeated === true) this.#asked.add(key, group);
    }
    return group;
  }

  #flush(): void {
    const ready = this.#waiting;
    this.#waiting = new Map();
    for (const group of ready.values()) {
      this.#send(group).then(group.resolve, group.reject);
    }
  }

  async #send(group: EntityGroup): Promise<void> {
    const { fetch, targets } = group;
    const others = writeVariables(fetch, this.#options.variables);
    const parts = { variables: others, entities: group.representations };
    const { data, errors } = await this.#call(fetch, group.writeVariables(others), parts);
    const entities = data?.['_entities'];
    const isAsAsked = Array.isArray(entities) && entities.length === targets.length;
    group.end(isAsAsked && errors === undefined ? entities : []);
    if (errors !== undefined) this.#place(fetch, errors, targets);
    if (data !== undefined && data !== null && !isAsAsked) this.#place(fetch, notAsAsked, targets);
    for (const [index, those] of targets.entries()) {
      const entity: unknown = isAsAsked ? entities[index] : null;
      if (isJsonObject(entity)) this.#mergeEntity(fetch, entity, those);
      else for (const { object } of those) this.#incomplete.add(object);
    }
  }

  #mergeEntity({ rewriteOutput }: Fetch, entity: JsonObject, targets: readonly Target[]): void {
    // What is renamed may depend on the type, which the subgraph was perhaps not asked for.
    const __typename = entity['__typename'] ?? targets[0]?.object['__typename'];
    const brought = rewriteOutput === null ? entity : rewriteOutput({ ...entity, __typename });
    for (const { object, step } of targets)
      mergeInto(object, brought, this.#options.relations, step.additions);
  }

  #call(fetch: Fetch, variables: string, parts: CopyParts): Promise<FetchAnswer> {
    return this.#options.call(requestOf(fetch, variables, parts), this.#options.context);
  }

  #place(fetch: Fetch, errors: readonly FetchError[], targets: readonly (readonly Target[])[]): void {
    placeErrors({
      fetch,
      errors,
      targets,
      data: this.data,
      clientPaths: this.#options.clientPaths,
      report: (error, doubt) => this.#errors.push({ error, doubt }),
    });
  }
}
