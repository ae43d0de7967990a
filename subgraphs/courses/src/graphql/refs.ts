import { defineConnection, type KitObjectRef } from '@banyan/kit/graphql';
import { crafts } from '@banyan/vocabulary';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { CourseRow } from '../db/courses.ts';
import type { EnrolmentRow } from '../db/enrolments.ts';
import type { InstructorRow } from '../db/instructors.ts';
import type { LiveSessionRow } from '../db/live-sessions.ts';
import type { MicEntryRow } from '../db/mic-entries.ts';
import { postSorts, type PostRow } from '../db/posts.ts';
import type { StationRow } from '../db/stations.ts';
import type { TopicRow } from '../db/topics.ts';

/** The types that point at each other, apart from their fields, so that no file needs two others in a circle. */
export const Course = builder.objectRef<CourseRow>('Course');
export const Instructor = builder.objectRef<InstructorRow>('Instructor');
export const Enrolment = builder.objectRef<EnrolmentRow>('Enrolment');
export const LiveSession = builder.objectRef<LiveSessionRow>('LiveSession');
export const MicQueueEntry = builder.objectRef<MicEntryRow>('MicQueueEntry');
export const Station = builder.objectRef<StationRow>('Station');
export const Topic = builder.objectRef<TopicRow>('Topic');
export const Post = builder.objectRef<PostRow>('Post');

export const CourseConnection = defineConnection(builder, 'Course', Course);
export const EnrolmentConnection = defineConnection(builder, 'Enrolment', Enrolment);
export const LiveSessionConnection = defineConnection(builder, 'LiveSession', LiveSession);
export const MicQueueConnection = defineConnection(builder, 'MicQueue', MicQueueEntry);
export const PostConnection = defineConnection(builder, 'Post', Post);

export const CraftEnum = builder.enumType('Craft', { values: crafts });
export const PostSortEnum = builder.enumType('PostSort', { values: postSorts });

/** The person that another subgraph knows; here people write posts. */
export const User: KitObjectRef<Context, { id: string }> = builder
  .externalRef('User', builder.selection<{ id: string }>('id'), ({ id }) => ({ id }))
  .implement({ fields: (t) => ({ id: t.exposeID('id') }) });
