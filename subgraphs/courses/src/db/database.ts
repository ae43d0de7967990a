import type { EventTables } from '@banyan/kit/events';
import type { CoursesTable } from './courses.ts';
import type { EnrolmentsTable } from './enrolments.ts';
import type { HeatMarksTable, HeatRunsTable } from './heat.ts';
import type { IdempotencyKeysTable } from './idempotency-keys.ts';
import type { InstructorsTable } from './instructors.ts';
import type { LiveSessionsTable } from './live-sessions.ts';
import type { MicEntriesTable } from './mic-entries.ts';
import type { PostsTable, ReportsTable } from './posts.ts';
import type { PraisesTable } from './praises.ts';
import type { MutesTable, StationMembersTable, StationsTable } from './stations.ts';
import type { PostTopicsTable, StationTopicsTable, TopicsTable } from './topics.ts';

/** Tables of this subgraph, beside those of its events. */
export interface Database extends EventTables {
  instructors: InstructorsTable;
  stations: StationsTable;
  station_members: StationMembersTable;
  mutes: MutesTable;
  courses: CoursesTable;
  enrolments: EnrolmentsTable;
  live_sessions: LiveSessionsTable;
  mic_entries: MicEntriesTable;
  posts: PostsTable;
  praises: PraisesTable;
  reports: ReportsTable;
  topics: TopicsTable;
  post_topics: PostTopicsTable;
  station_topics: StationTopicsTable;
  heat_marks: HeatMarksTable;
  heat_runs: HeatRunsTable;
  idempotency_keys: IdempotencyKeysTable;
}
