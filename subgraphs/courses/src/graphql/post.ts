import { pageArgs, type Payload } from '@banyan/kit/graphql';
import { builder, CoursesUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import { postKinds, type PostRow } from '../db/posts.ts';
import { createPost, maxTopics } from '../domain/create-post.ts';
import { hidePost, reportPost } from '../domain/moderate-post.ts';
import { praise, withdrawPraise } from '../domain/praise.ts';
import { change } from './change.ts';
import { counted, totalOf } from './counted-page.ts';
import { Post, PostConnection, Station, Topic, User } from './refs.ts';

const PostKindEnum = builder.enumType('PostKind', { values: postKinds });

/** What was hidden is still its author's to read. */
const bodyFor = (post: PostRow, { caller }: Context) =>
  post.hidden_at === null || post.author_id === caller.subject ? post.body : null;

Post.implement({
  description: 'A post, or a comment on one.',
  fields: (t) => ({
    id: t.exposeID('id'),
    author: t.field({ type: User, nullable: true, resolve: (post) => ({ id: post.author_id }) }),
    kind: t.expose('kind', { type: PostKindEnum }),
    body: t.string({
      nullable: true,
      description: 'Null when it was hidden.',
      resolve: (post, _args, context) => bodyFor(post, context),
    }),
    praiseCount: t.expose('praise_count', { type: 'BigInt' }),
    praisedByMe: t.boolean({
      nullable: true,
      description: 'Null for who is not signed in.',
      resolve: async (post, _args, { caller, loaders }) =>
        caller.subject === null ? null : (await loaders.ownPraise.load(post.id)) !== null,
    }),
    comments: t.field({
      type: PostConnection,
      description: 'The oldest first.',
      args: {
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: async (post, args, { loaders }) =>
        counted(await loaders.comments.load({ parent: post.id, ...pageArgs(args) }), () =>
          Promise.resolve(post.comment_count),
        ),
    }),
    topics: t.field({
      type: [Topic],
      directives: { listSize: { assumedSize: maxTopics } },
      resolve: async (post, _args, { loaders }) => [...(await loaders.topicsOfPost.load(post.id))],
    }),
    station: t.field({
      type: Station,
      nullable: true,
      description: 'Null for what was written on the topic square.',
      resolve: (post, _args, { loaders }) =>
        post.station_id === null ? null : loaders.station.load(post.station_id),
    }),
    hiddenReason: t.exposeString('hidden_reason', { nullable: true }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});

builder.asEntity(Post, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loaders.post.load(id),
});

builder.objectField(PostConnection, 'totalCount', (t) => t.field({ type: 'BigInt', resolve: totalOf }));

builder.queryField('post', (t) =>
  t.field({
    type: Post,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, { loaders }) => loaders.post.load(id),
  }),
);

const PostPayload = builder.objectRef<Payload<{ postId: string }>>('PostPayload').implement({
  fields: (t) => ({
    post: t.field({
      type: Post,
      nullable: true,
      resolve: ({ postId }, _args, { loaders }) => (postId === undefined ? null : loaders.post.load(postId)),
    }),
    userErrors: t.expose('userErrors', { type: [CoursesUserError] }),
  }),
});

const CreatePostInput = builder.inputType('CreatePostInput', {
  fields: (t) => ({
    stationId: t.id({ required: false, description: 'Left out: the topic square.' }),
    parentId: t.id({ required: false, description: 'The post that this is a comment on.' }),
    kind: t.field({ type: PostKindEnum }),
    body: t.string({ required: false }),
    topics: t.stringList({ required: false }),
    idempotencyKey: t.string(),
  }),
});
const PostInput = builder.inputType('PostInput', { fields: (t) => ({ postId: t.id() }) });
const HidePostInput = builder.inputType('HidePostInput', {
  fields: (t) => ({ postId: t.id(), reason: t.string() }),
});
const ReportPostInput = builder.inputType('ReportPostInput', {
  fields: (t) => ({ postId: t.id(), text: t.string() }),
});

builder.mutationFields((t) => ({
  createPost: t.field({
    type: PostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CreatePostInput }) },
    resolve: (_root, { input }, context) => change(context, createPost, input),
  }),
  hidePost: t.field({
    type: PostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: HidePostInput }) },
    resolve: (_root, { input }, context) => change(context, hidePost, input),
  }),
  reportPost: t.field({
    type: PostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: ReportPostInput }) },
    resolve: (_root, { input }, context) => change(context, reportPost, input),
  }),
  praise: t.field({
    type: PostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: PostInput }) },
    resolve: (_root, { input }, context) => change(context, praise, input),
  }),
  withdrawPraise: t.field({
    type: PostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: PostInput }) },
    resolve: (_root, { input }, context) => change(context, withdrawPraise, input),
  }),
}));
