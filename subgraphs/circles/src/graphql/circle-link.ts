import { builder } from '../builder.ts';
import type { CircleLinkRow } from '../db/circle-links.ts';
import type { CircleRow } from '../db/circles.ts';
import { linkCircles, maxLinks } from '../domain/link-circles.ts';
import { linkDirections } from '../domain/words.ts';
import { Circle, CirclePayload } from './circle.ts';
import { mutate } from './mutate.ts';

const LinkDirectionEnum = builder.enumType('LinkDirection', { values: linkDirections });

const CircleLink = builder.objectRef<CircleLinkRow>('CircleLink').implement({
  fields: (t) => ({
    to: t.field({
      type: Circle,
      resolve: async (link, _args, { loaders }) => (await loaders.circle.load(link.to_id)) as CircleRow,
    }),
    direction: t.expose('direction', { type: LinkDirectionEnum }),
  }),
});

builder.objectField(Circle, 'links', (t) =>
  t.field({
    type: [CircleLink],
    directives: { listSize: { assumedSize: Number(maxLinks) } },
    description: 'To circles that this one has linked itself to.',
    resolve: async (circle, _args, { loaders }) => [...(await loaders.links.load(circle.id))],
  }),
);

const LinkCirclesInput = builder.inputType('LinkCirclesInput', {
  fields: (t) => ({
    fromId: t.id(),
    toId: t.id(),
    direction: t.field({ type: LinkDirectionEnum, required: false }),
  }),
});

builder.mutationField('linkCircles', (t) =>
  t.field({
    type: CirclePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: LinkCirclesInput }) },
    resolve: (_root, { input }, context) => mutate(context, linkCircles, input),
  }),
);
