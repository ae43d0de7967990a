import { toSubgraphSchema } from '@banyan/kit/graphql';
import { builder } from './builder.ts';
import './graphql/course.ts';
import './graphql/enrolment.ts';
import './graphql/instructor.ts';
import './graphql/live-session.ts';
import './graphql/microphone.ts';
import './graphql/microphone-changed.ts';
import './graphql/post.ts';
import './graphql/station.ts';
import './graphql/topic.ts';
import './graphql/hot-search-changed.ts';
import './graphql/user.ts';
import './graphql/viewer.ts';

export const schema = toSubgraphSchema(builder);
