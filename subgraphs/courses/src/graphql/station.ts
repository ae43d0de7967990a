import { pageArgs, type Payload } from '@banyan/kit/graphql';
import { builder, CoursesUserError } from '../builder.ts';
import { muteInStation, setSlowMode } from '../domain/moderate-station.ts';
import { joinStation, leaveStation } from '../domain/station-membership.ts';
import { change } from './change.ts';
import { counted } from './counted-page.ts';
import { existing } from './existing.ts';
import { Instructor, PostConnection, PostSortEnum, Station, Topic } from './refs.ts';

Station.implement({
  description: 'An instructor’s community.',
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    instructor: t.field({
      type: Instructor,
      resolve: (station, _args, { loaders }) => existing(loaders.instructor.load(station.instructor_id)),
    }),
    memberCount: t.expose('member_count', { type: 'BigInt' }),
    isMember: t.boolean({
      nullable: true,
      description: 'Null for who is not signed in.',
      resolve: async (station, _args, { caller, loaders }) =>
        caller.subject === null ? null : (await loaders.ownMembership.load(station.id)) !== null,
    }),
    slowModeSeconds: t.exposeInt('slow_mode_seconds', {
      description: 'Seconds between two posts of one member; 0 is off.',
    }),
    posts: t.field({
      type: PostConnection,
      args: {
        sort: t.arg({ type: PostSortEnum, required: false, defaultValue: 'HOT' }),
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: async (station, args, { loaders }) => {
        const loader = loaders.postsOfStation[args.sort ?? 'HOT'];
        const page = await loader.load({ parent: station.id, ...pageArgs(args) });
        return counted(page, () => loaders.postTotal.station.load(station.id));
      },
    }),
    hotTopics: t.field({
      type: [Topic],
      description: 'The topics of its posts, by the heat that they have everywhere.',
      args: { first: t.arg.int({ required: false, defaultValue: 10 }) },
      resolve: async (station, args, { loaders }) => [
        ...(await loaders.hotTopics(pageArgs(args).first).load(station.id)),
      ],
    }),
  }),
});

builder.asEntity(Station, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loaders.station.load(id),
});

builder.queryField('station', (t) =>
  t.field({
    type: Station,
    nullable: true,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, { loaders }) => loaders.station.load(id),
  }),
);

const StationPayload = builder.objectRef<Payload<{ stationId: string }>>('StationPayload').implement({
  fields: (t) => ({
    station: t.field({
      type: Station,
      nullable: true,
      resolve: ({ stationId }, _args, { loaders }) =>
        stationId === undefined ? null : loaders.station.load(stationId),
    }),
    userErrors: t.expose('userErrors', { type: [CoursesUserError] }),
  }),
});

const StationInput = builder.inputType('StationInput', { fields: (t) => ({ stationId: t.id() }) });
const SetSlowModeInput = builder.inputType('SetSlowModeInput', {
  fields: (t) => ({ stationId: t.id(), seconds: t.int() }),
});
const MuteInStationInput = builder.inputType('MuteInStationInput', {
  fields: (t) => ({
    stationId: t.id(),
    userId: t.id(),
    until: t.field({
      type: 'DateTime',
      required: false,
      description: 'Left out: for good. A time that has passed ends it.',
    }),
    reason: t.string(),
  }),
});

builder.mutationFields((t) => ({
  joinStation: t.field({
    type: StationPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: StationInput }) },
    resolve: (_root, { input }, context) => change(context, joinStation, input),
  }),
  leaveStation: t.field({
    type: StationPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: StationInput }) },
    resolve: (_root, { input }, context) => change(context, leaveStation, input),
  }),
  setSlowMode: t.field({
    type: StationPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SetSlowModeInput }) },
    resolve: (_root, { input }, context) => change(context, setSlowMode, input),
  }),
  muteInStation: t.field({
    type: StationPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: MuteInStationInput }) },
    resolve: (_root, { input }, context) => change(context, muteInStation, input),
  }),
}));
