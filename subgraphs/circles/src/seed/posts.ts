import { createRandom, seedId, type Random, type SeedDay } from '@banyan/seed';
import type { PostRow } from '../db/posts.ts';
import { reactionKinds, type ReactionKind } from '../domain/words.ts';
import type { SeedCircle } from './circles.ts';
import type { SeedMembership } from './memberships.ts';
import { comments, hiddenPosts, hiddenReasons, posts } from './post-texts.ts';

export interface SeedReaction {
  readonly post_id: string;
  readonly user_id: string;
  readonly kind: ReactionKind;
  readonly created_at: Date;
}

/** Posts are made by members after they came, on one of the last hundred days. */
const longestAgoDays = 100;

export interface SeedPosts {
  readonly posts: PostRow[];
  readonly reactions: SeedReaction[];
}

/** Posts, comments and reactions of one circle. */
export function seedPostsOf(
  circle: SeedCircle,
  memberships: readonly SeedMembership[],
  day: SeedDay,
): SeedPosts {
  const random = createRandom(`circles:posts:${circle.number}`);
  const speakers = memberships.filter(({ state }) => state === 'ACTIVE');
  const rows: PostRow[] = [];
  const reactions: SeedReaction[] = [];
  const count = Math.round(6 + Math.min(34, speakers.length / 7));
  for (let index = 0; index < count; index += 1) {
    const author = random.pick(speakers);
    const daysAgo = random.int(1, Math.min(longestAgoDays, author.sinceDaysAgo));
    const id = seedId('pst', `${circle.number}/${index}`);
    const post = toPost(circle, { id, author, at: day.at(-daysAgo, 7 + random.float() * 14) });
    const isSpam = index === 3 && circle.number % 6 === 0;
    const texts = posts[circle.theme][author.person.language];
    rows.push({
      ...post,
      body: isSpam ? random.pick(hiddenPosts) : random.pick(texts),
      hidden_reason: isSpam ? random.pick(hiddenReasons) : null,
      pinned: index === 0,
    });
    if (isSpam) continue;
    rows.push(...commentsOn(post, { circle, speakers, random, day, daysAgo }));
    reactions.push(...reactionsTo(post, speakers, random));
  }
  return { posts: rows, reactions };
}

function toPost(circle: SeedCircle, post: { id: string; author: SeedMembership; at: Date }): PostRow {
  return {
    id: post.id,
    circle_id: circle.id,
    parent_id: null,
    author_id: post.author.user_id,
    body: '',
    pinned: false,
    hidden_reason: null,
    idempotency_key: `seed-${post.id}`,
    input_fingerprint: 'seed',
    created_at: post.at,
  };
}

function commentsOn(
  post: PostRow,
  place: {
    circle: SeedCircle;
    speakers: readonly SeedMembership[];
    random: Random;
    day: SeedDay;
    daysAgo: number;
  },
): PostRow[] {
  const { circle, speakers, random, day, daysAgo } = place;
  const earlier = speakers.filter(({ sinceDaysAgo }) => sinceDaysAgo >= daysAgo);
  return random
    .sample(
      earlier,
      random.weighted([
        [0, 3],
        [1, 4],
        [2, 3],
        [4, 1],
      ]),
    )
    .map((author, index) => ({
      ...toPost(circle, {
        id: seedId('pst', `${post.id}/${index}`),
        author,
        at: day.at(-daysAgo, 21.5 + index / 4 + random.float() / 8),
      }),
      parent_id: post.id,
      body: random.pick(comments[author.person.language]),
    }));
}

function reactionsTo(post: PostRow, speakers: readonly SeedMembership[], random: Random): SeedReaction[] {
  return random.sample(speakers, random.int(0, Math.min(9, speakers.length))).map(({ user_id: userId }) => ({
    post_id: post.id,
    user_id: userId,
    kind: random.pick(reactionKinds),
    created_at: post.created_at,
  }));
}
