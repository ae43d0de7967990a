import { builder } from '../builder.ts';
import { linkStation, maxStations } from '../domain/link-station.ts';
import { Circle, CirclePayload } from './circle.ts';
import { mutate } from './mutate.ts';
import { referenceOf } from './reference.ts';

const Station = builder
  .externalRef('Station', builder.selection<{ id: string }>('id'), ({ id }) => referenceOf('stn', id))
  .implement({
    fields: (t) => ({
      id: t.exposeID('id'),
      circle: t.field({
        type: Circle,
        nullable: true,
        description: 'The circle that the station is linked to.',
        resolve: async ({ id }, _args, { loaders }) => {
          const link = await loaders.circleOfStation.load(id);
          return link && loaders.circle.load(link.circle_id);
        },
      }),
    }),
  });

builder.objectField(Circle, 'stations', (t) =>
  t.field({
    type: [Station],
    nullable: true,
    directives: { listSize: { assumedSize: Number(maxStations) } },
    resolve: async (circle, _args, { loaders }) =>
      (await loaders.stations.load(circle.id)).map((link) => ({ id: link.station_id })),
  }),
);

const LinkStationInput = builder.inputType('LinkStationInput', {
  fields: (t) => ({ circleId: t.id(), stationId: t.id(), linked: t.boolean() }),
});

builder.mutationField('linkStation', (t) =>
  t.field({
    type: CirclePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: LinkStationInput }) },
    resolve: (_root, { input }, context) => mutate(context, linkStation, input),
  }),
);
