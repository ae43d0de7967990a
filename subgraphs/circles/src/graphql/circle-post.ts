import { defineConnection, forbidden, pageArgs, unauthenticated, type Payload } from '@banyan/kit/graphql';
import { builder, CirclesUserError } from '../builder.ts';
import type { PostRow } from '../db/posts.ts';
import type { ReactionCountRow } from '../db/reactions.ts';
import { moderatePost } from '../domain/moderate-post.ts';
import { postToCircle } from '../domain/post-to-circle.ts';
import { react } from '../domain/react.ts';
import { Circle } from './circle.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';
import { isModerator, isReader } from './standing.ts';
import { User } from './user.ts';

const ReactionCount = builder.objectRef<ReactionCountRow>('ReactionCount').implement({
  fields: (t) => ({
    kind: t.exposeString('kind'),
    count: t.expose('count', { type: 'BigInt' }),
    mine: t.exposeBoolean('mine', { nullable: true, description: 'Null to who is not signed in.' }),
  }),
});

const CirclePost = builder.objectRef<PostRow>('CirclePost');
const CirclePostConnection = defineConnection(builder, 'CirclePost', CirclePost);

CirclePost.implement({
  description: 'A post in a circle, or a comment on one.',
  authScopes: (post, context) => isReader(context, post.circle_id),
  fields: (t) => ({
    id: t.exposeID('id'),
    author: t.field({ type: User, nullable: true, resolve: (post) => ({ id: post.author_id }) }),
    body: t.string({
      description: 'Empty where the post is hidden, but for its author and the circle’s team.',
      resolve: async (post, _args, context) => {
        const isShown = post.hidden_reason === null || post.author_id === context.caller.subject;
        return isShown || (await isModerator(context, post.circle_id)) ? post.body : '';
      },
    }),
    pinned: t.exposeBoolean('pinned'),
    reactions: t.field({
      type: [ReactionCount],
      directives: { listSize: { assumedSize: 5 } },
      resolve: async (post, _args, { loaders }) => [...(await loaders.reactions.load(post.id))],
    }),
    comments: t.field({
      type: CirclePostConnection,
      description: 'Oldest first.',
      args: pageArguments,
      resolve: (post, page, { loaders }) => loaders.comments.load({ parent: post.id, ...pageArgs(page) }),
    }),
    hiddenReason: t.exposeString('hidden_reason', {
      nullable: true,
      description: 'Why the circle’s team hid the post; null when it did not.',
    }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});

builder.asEntity(CirclePost, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: async ({ id }, context) => {
    const post = await context.loaders.post.load(id);
    if (post === null || (await isReader(context, post.circle_id))) return post;
    throw context.caller.subject === null ? unauthenticated() : forbidden();
  },
});

builder.objectField(Circle, 'posts', (t) =>
  t.field({
    type: CirclePostConnection,
    nullable: true,
    description: 'Pinned ones, then the newest. Of circles that one comes into by invitation, to members.',
    authScopes: (circle, _args, context) => isReader(context, circle.id),
    args: pageArguments,
    resolve: (circle, page, { loaders }) => loaders.posts.load({ parent: circle.id, ...pageArgs(page) }),
  }),
);

const CirclePostPayload = builder.objectRef<Payload<{ post: PostRow }>>('CirclePostPayload').implement({
  fields: (t) => ({
    post: t.expose('post', { type: CirclePost, nullable: true }),
    userErrors: t.expose('userErrors', { type: [CirclesUserError] }),
  }),
});

const PostToCircleInput = builder.inputType('PostToCircleInput', {
  fields: (t) => ({
    circleId: t.id(),
    parentId: t.id({ required: false }),
    body: t.string(),
    idempotencyKey: t.string(),
  }),
});
const ReactInput = builder.inputType('ReactInput', {
  fields: (t) => ({ postId: t.id(), kind: t.string(), on: t.boolean() }),
});
const ModeratePostInput = builder.inputType('ModeratePostInput', {
  fields: (t) => ({
    postId: t.id(),
    hide: t.boolean({ required: false }),
    pin: t.boolean({ required: false }),
    reason: t.string(),
  }),
});

builder.mutationField('postToCircle', (t) =>
  t.field({
    type: CirclePostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: PostToCircleInput }) },
    resolve: (_root, { input }, context) => mutate(context, postToCircle, input),
  }),
);

builder.mutationField('react', (t) =>
  t.field({
    type: CirclePostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: ReactInput }) },
    resolve: (_root, { input }, context) => mutate(context, react, input),
  }),
);

builder.mutationField('moderatePost', (t) =>
  t.field({
    type: CirclePostPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: ModeratePostInput }) },
    resolve: (_root, { input }, context) => mutate(context, moderatePost, input),
  }),
);
