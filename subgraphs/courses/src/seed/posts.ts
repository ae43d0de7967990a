import { createRandom, instructors, people, seedId, type Random } from '@banyan/seed';
import type { Craft } from '@banyan/vocabulary';
import { topicKey } from '../domain/topic-names.ts';
import type { SeedMember } from './enrolments.ts';
import type { SeedStation } from './instructors.ts';
import { bodyOf, commentOf, topicWords, type TopicWord } from './post-words.ts';

export interface SeedPost {
  id: string;
  author_id: string;
  station_id: string | null;
  parent_id: string | null;
  kind: 'TEXT';
  body: string;
  praise_count: bigint;
  comment_count: bigint;
  created_at: Date;
}

export interface SeedPraise {
  post_id: string;
  user_id: string;
  given_at: Date;
}

const postCount = 1_700;
/** Nothing is written longer ago. */
const longestDaysAgo = 20;
const dayMs = 86_400_000;

const languages = new Map<string, 'zh' | 'en'>(people.map((person) => [person.id, person.language]));
const languageOf = (userId: string) => languages.get(userId) ?? 'zh';

interface Place {
  stationId: string | null;
  craft: Craft | null;
  writers: readonly string[];
}

/** Posts, comments, praise and the topics they are about, most of them of the last days. */
export function postRows(stations: readonly SeedStation[], members: readonly SeedMember[], asOf: Date) {
  const random = createRandom('posts');
  const places = placesOf(stations, members);
  const topics = topicWords.map((word, index) => ({
    id: seedId('tpc', index + 1),
    name: word.name,
    name_key: topicKey(word.name),
  }));
  const posts: SeedPost[] = [];
  const praises: SeedPraise[] = [];
  const postTopics: { post_id: string; topic_id: string }[] = [];
  const stationTopics = new Map<string, { station_id: string; topic_id: string }>();

  for (let number = 1; number <= postCount; number += 1) {
    const place = random.weighted(places);
    const { post, words } = writePost(random, place, { number, asOf });
    const comments = writeComments(random, post, place.writers, asOf);
    post.comment_count = BigInt(comments.length);
    posts.push(post, ...comments);
    for (const praised of [post, ...comments]) praises.push(...praise(random, praised, place.writers, asOf));
    for (const word of words) {
      const topic = topics[topicWords.indexOf(word)];
      if (topic === undefined) continue;
      postTopics.push({ post_id: post.id, topic_id: topic.id });
      if (place.stationId === null) continue;
      stationTopics.set(`${place.stationId}/${topic.id}`, {
        station_id: place.stationId,
        topic_id: topic.id,
      });
    }
  }
  // The order of rows is the order of time: NEW goes by it.
  posts.sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
  return { posts, praises, topics, postTopics, stationTopics: [...stationTopics.values()] };
}

/** Stations by their size, and the topic square. */
function placesOf(
  stations: readonly SeedStation[],
  members: readonly SeedMember[],
): (readonly [Place, number])[] {
  const byStation = Map.groupBy(members, (member) => member.station_id);
  const square: Place = { stationId: null, craft: null, writers: people.slice(20, 900).map(({ id }) => id) };
  const inStations = stations.map((station, index): readonly [Place, number] => {
    const writers = (byStation.get(station.id) ?? []).map((member) => member.user_id);
    const craft = instructors[index]?.crafts[0] ?? 'OTHER';
    return [{ stationId: station.id, craft, writers }, writers.length];
  });
  return [[square, 700], ...inStations];
}

function writePost(
  random: Random,
  place: Place,
  { number, asOf }: { number: number; asOf: Date },
): { post: SeedPost; words: TopicWord[] } {
  const author = random.pick(place.writers);
  const createdAt = recently(random, asOf, longestDaysAgo * dayMs);
  const words = pickTopics(random, place, (asOf.getTime() - createdAt.getTime()) / dayMs, languageOf(author));
  const post: SeedPost = {
    id: seedId('pst', number),
    author_id: author,
    station_id: place.stationId,
    parent_id: null,
    kind: 'TEXT',
    body: bodyOf(random, words[0]?.craft ?? place.craft, languageOf(author)),
    praise_count: 0n,
    comment_count: 0n,
    created_at: createdAt,
  };
  return { post, words };
}

/** One or two topics: of the station's craft or of everybody's life; some are talked of in the last days alone. */
function pickTopics(random: Random, place: Place, daysAgo: number, language: 'zh' | 'en'): TopicWord[] {
  const entries = topicWords.map((word, index): readonly [TopicWord, number] => {
    const fits = word.craft === null ? 1 : word.craft === place.craft ? 6 : place.craft === null ? 0.4 : 0;
    const speaks = (word.language ?? language) === language ? 1 : 0.08;
    const trend = word.trending && daysAgo < 2 ? 6 : 1;
    // The earlier in the list, the more it is talked of.
    return [word, (fits * speaks * trend) / Math.sqrt(1 + index / 4)];
  });
  const first = random.weighted(entries);
  if (random.chance(0.6)) return [first];
  const second = random.weighted(entries);
  return second === first ? [first] : [first, second];
}

function writeComments(random: Random, post: SeedPost, writers: readonly string[], asOf: Date): SeedPost[] {
  const length = random.weighted([
    [0, 35],
    [1, 25],
    [2, 18],
    [3, 12],
    [5, 7],
    [8, 3],
  ]);
  return Array.from({ length }, (_, index) => {
    const author = random.pick(writers);
    return {
      ...post,
      id: seedId('pst', `${post.id}/${index}`),
      author_id: author,
      parent_id: post.id,
      body: commentOf(random, languageOf(author)),
      praise_count: 0n,
      comment_count: 0n,
      created_at: soonAfter(random, post.created_at, asOf),
    };
  });
}

/** Praise of others than the author; counts it on the post. */
function praise(random: Random, post: SeedPost, writers: readonly string[], asOf: Date): SeedPraise[] {
  const most = post.parent_id === null ? 16 : 3;
  const wanted = Math.min(Math.floor(random.float() ** 2 * most), writers.length - 1);
  const fans = new Set<string>();
  for (let tries = 0; tries < wanted; tries += 1) fans.add(random.pick(writers));
  fans.delete(post.author_id);
  post.praise_count = BigInt(fans.size);
  return [...fans].map((userId) => ({
    post_id: post.id,
    user_id: userId,
    given_at: soonAfter(random, post.created_at, asOf),
  }));
}

/** The nearer, the likelier. */
function recently(random: Random, asOf: Date, mostMs: number): Date {
  return new Date(asOf.getTime() - random.float() ** 2.5 * mostMs);
}

function soonAfter(random: Random, at: Date, asOf: Date): Date {
  const leftMs = Math.min(asOf.getTime() - at.getTime(), dayMs);
  return new Date(at.getTime() + random.float() ** 2 * leftMs);
}
