import { pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { TopicRow } from '../db/topics.ts';
import { heatKinds, type HeatKind } from '../domain/heat-formula.ts';
import { readHotSearch } from '../domain/read-hot-search.ts';
import { topicKey } from '../domain/topic-names.ts';
import { counted } from './counted-page.ts';
import { PostConnection, PostSortEnum, Topic } from './refs.ts';

const HeatPart = builder.objectRef<{ kind: HeatKind; amount: number }>('HeatPart').implement({
  description: 'What the heat is made of: published formula, each part with its weight and decay.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'POST, COMMENT or PRAISE.' }),
    amount: t.exposeFloat('amount'),
  }),
});

const amountOf = (topic: TopicRow): Record<HeatKind, number> => ({
  POST: topic.post_heat,
  COMMENT: topic.comment_heat,
  PRAISE: topic.praise_heat,
});

Topic.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    heat: t.expose('heat', { type: 'BigInt' }),
    heatParts: t.field({
      type: [HeatPart],
      directives: { listSize: { assumedSize: heatKinds.length } },
      resolve: (topic) => heatKinds.map((kind) => ({ kind, amount: amountOf(topic)[kind] })),
    }),
    rank: t.exposeInt('rank', {
      nullable: true,
      description: 'Place in the hot search; stands for a minute.',
    }),
    peakHeat: t.expose('peak_heat', { type: 'BigInt' }),
    heatAsOf: t.expose('heat_as_of', { type: 'DateTime' }),
    posts: t.field({
      type: PostConnection,
      args: {
        sort: t.arg({ type: PostSortEnum, required: false, defaultValue: 'HOT' }),
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: async (topic, args, { loaders }) => {
        const loader = loaders.postsOfTopic[args.sort ?? 'HOT'];
        const page = await loader.load({ parent: topic.id, ...pageArgs(args) });
        return counted(page, () => loaders.postTotal.topic.load(topic.id));
      },
    }),
  }),
});

async function topicNamed(name: string, { loaders }: Context): Promise<TopicRow | null> {
  return name.includes('\0') ? null : loaders.topicByKey.load(topicKey(name));
}

builder.asEntity(Topic, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ name: string }>('name')],
  resolveReference: (key, context) =>
    'id' in key ? context.loaders.topic.load(key.id) : topicNamed(key.name, context),
});

builder.queryFields((t) => ({
  topic: t.field({
    type: Topic,
    nullable: true,
    args: { name: t.arg.string() },
    resolve: (_root, { name }, context) => topicNamed(name, context),
  }),
  hotSearch: t.field({
    type: [Topic],
    description: 'The hottest topics by rank; heat and ranks stand for a minute.',
    args: { first: t.arg.int({ required: false, defaultValue: 50 }) },
    resolve: async (_root, args, context) => {
      const { first } = pageArgs({ first: args.first ?? 50 });
      return (await readHotSearch(context)).slice(0, first);
    },
  }),
}));
