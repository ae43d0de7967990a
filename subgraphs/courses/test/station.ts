import { newId } from '@banyan/kit/graphql';
import { newPerson, type CoursesUnderTest, type Teacher } from './support.ts';

interface Written {
  post: { id: string; body: string | null } | null;
}

/** A station with a teacher of its own, and what people do in it. */
export async function addStation(courses: CoursesUnderTest) {
  const teacher: Teacher = await courses.addTeacher();
  const { stationId } = teacher;

  async function member() {
    const person = newPerson();
    await courses.act('joinStation', { stationId }, person);
    return person;
  }

  const write = (as: { id: string }, input: Record<string, unknown> = {}) =>
    courses.act<Written>(
      'createPost',
      { stationId, kind: 'TEXT', body: 'Hello', idempotencyKey: newId('key'), ...input },
      as,
      'post { id body }',
    );

  /** Writes what is not refused; gives the post's id. */
  async function written(as: { id: string }, input: Record<string, unknown> = {}): Promise<string> {
    const { post, userErrors } = await write(as, input);
    if (post === null) throw new Error(JSON.stringify(userErrors));
    return post.id;
  }

  async function posts(sort = 'NEW') {
    const { data } = await courses.ask<{
      station: { posts: { nodes: { id: string }[]; totalCount: string } };
    }>(
      'query ($id: ID!, $sort: PostSort) { station(id: $id) { posts(sort: $sort) { nodes { id } totalCount } } }',
      { id: stationId, sort },
    );
    return data.station.posts;
  }

  return { id: stationId, teacher, member, write, written, posts };
}

export type Station = Awaited<ReturnType<typeof addStation>>;
