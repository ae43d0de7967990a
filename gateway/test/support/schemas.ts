import { setTimeout as delay } from 'node:timers/promises';
import type { ContractLists } from '@banyan/kit/contracts';
import { shownError } from '@banyan/kit/graphql';
import { makeSchema } from './subgraph.ts';

/** What the test's resolvers wait for, and what they were asked. */
export interface Stage {
  /** Resolves the field `slow`. */
  slow: PromiseWithResolvers<string>;
  /** Called when a resolver that never answers was reached. */
  reached: PromiseWithResolvers<void>;
}

export function createStage(): Stage {
  return { slow: Promise.withResolvers(), reached: Promise.withResolvers() };
}

/** Tills that take so long for each customer; who finds none free queues. */
function openTills(count: number, serviceMs: number) {
  const free = Array.from({ length: count }, () => 0);
  return {
    serve: async () => {
      const soonest = free.indexOf(Math.min(...free));
      const endsAtMs = Math.max(performance.now(), free[soonest] ?? 0) + serviceMs;
      free[soonest] = endsAtMs;
      await delay(endsAtMs - performance.now());
      return true;
    },
  };
}

/** What a resolver waits for that never comes. */
const never = () => Promise.withResolvers<string>().promise;
const items = Array.from({ length: 5 }, (_item, index) => ({ id: `itm_${index + 1}` }));

/** The subgraph that has items, callers, and everything that can go wrong. */
export function shopSchema(stage: Stage) {
  const tills = openTills(5, 80);
  return makeSchema((builder) => {
    const item = builder.objectRef<{ id: string }>('Item').implement({
      fields: (t) => ({ id: t.exposeID('id'), name: t.string({ resolve: ({ id }) => `Item ${id}` }) }),
    });
    builder.asEntity(item, {
      key: builder.selection<{ id: string }>('id'),
      resolveReference: ({ id }) => ({ id }),
    });
    const kind = builder.enumType('ItemKind', { values: ['BOOK', 'CARD'] });
    const filter = builder.inputType('ItemFilter', {
      fields: (t) => ({
        name: t.string({ required: false }),
        kind: t.field({ type: kind, required: false }),
      }),
    });
    builder.queryFields((t) => ({
      find: t.field({
        type: item,
        nullable: true,
        args: { by: t.arg({ type: filter }) },
        resolve: (_root, { by }) => items.find(({ id }) => id === by.name) ?? null,
      }),
      hello: t.string({
        args: { name: t.arg.string({ required: false }) },
        resolve: (_root, { name }) => `Hello, ${name ?? 'stranger'}`,
      }),
      slow: t.string({ nullable: true, resolve: () => stage.slow.promise }),
      checkout: t.boolean({ nullable: true, resolve: () => tills.serve() }),
      language: t.string({ resolve: (_root, _args, context) => context.language }),
      caller: t.string({ nullable: true, resolve: (_root, _args, context) => context.caller.subject }),
      callerApp: t.string({
        nullable: true,
        resolve: (_root, _args, { caller: { app } }) =>
          app === undefined ? null : JSON.stringify({ ...app, scopes: [...app.scopes] }),
      }),
      callerRoles: t.stringList({ resolve: (_root, _args, context) => [...context.caller.roles] }),
      items: t.field({
        type: [item],
        args: { first: t.arg.int({ required: false }), last: t.arg.int({ required: false }) },
        resolve: (_root, { first }) => items.slice(0, first ?? 20),
      }),
      broken: t.string({
        nullable: true,
        resolve: () => {
          throw new Error('connect ECONNREFUSED postgres://shop_app:secret@10.0.0.7:5432');
        },
      }),
      forbidden: t.string({
        nullable: true,
        resolve: () => {
          throw shownError('FORBIDDEN', 'You may not see or do this.');
        },
      }),
      busy: t.string({
        nullable: true,
        resolve: () => {
          throw shownError('OVERLOADED', 'Too much to do.', { retryAfterSeconds: 7 });
        },
      }),
      busyItems: t.field({
        type: [item],
        nullable: true,
        args: { first: t.arg.int({ required: false }) },
        resolve: () => {
          throw shownError('OVERLOADED', 'Too much to do.', { retryAfterSeconds: 7 });
        },
      }),
      hangs: t.string({
        nullable: true,
        resolve: () => {
          stage.reached.resolve();
          return never();
        },
      }),
    }));
    builder.mutationType({
      fields: (t) => ({
        buy: t.string({ args: { itemId: t.arg.id() }, resolve: (_root, { itemId }) => `bought ${itemId}` }),
        buyAndHang: t.string({
          nullable: true,
          resolve: () => {
            stage.reached.resolve();
            return never();
          },
        }),
      }),
    });
  });
}

/** The subgraph that knows how many there are of each item. */
export function stockSchema() {
  return makeSchema((builder) => {
    const item = builder.objectRef<{ id: string }>('Item').implement({
      fields: (t) => ({
        id: t.exposeID('id'),
        stock: t.int({ nullable: true, resolve: ({ id }) => Number(id.slice(4)) * 10 }),
        price: t.field({
          type: 'Money',
          nullable: true,
          resolve: ({ id }) => {
            if (id === 'itm_2') throw shownError('PRICE_MISSING', 'There is no price yet.');
            return { minor: 100n, currency: 'CNY' };
          },
        }),
      }),
    });
    builder.asEntity(item, {
      key: builder.selection<{ id: string }>('id'),
      resolveReference: ({ id }) => ({ id }),
    });
    builder.queryFields((t) => ({ warehouses: t.int({ nullable: true, resolve: () => 3 }) }));
  });
}

/** Staff alone see the warehouses and who is asking; partners see names of items. */
export const shopContracts: ContractLists = {
  public: { Query: ['hello', 'items', 'slow'], Mutation: ['buy'], Item: ['id', 'name'] },
  partner: { Query: ['items'], Item: ['name'] },
};
export const stockContracts: ContractLists = { public: { Item: ['stock'] } };
