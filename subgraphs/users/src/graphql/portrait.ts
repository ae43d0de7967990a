import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { matchingTagsOf, maxTags, tagsOf, type PortraitTag } from '../domain/portrait.ts';
import { setPortrait } from '../domain/set-portrait.ts';
import { agrees } from './consent.ts';
import { mutate } from './mutate.ts';
import { Viewer, ViewerPayload, type ViewerRef } from './viewer.ts';

interface PortraitShape {
  readonly enabled: boolean;
  readonly tags: readonly PortraitTag[];
  readonly asOf: Date;
}

const PortraitTagType = builder.objectRef<PortraitTag>('PortraitTag').implement({
  fields: (t) => ({
    tag: t.exposeString('tag', { description: 'Such as `interest:DANCE`, `theme:GIVING`.' }),
    weight: t.exposeFloat('weight', {
      description: 'How much it says, 0 to 1; half as much after 180 days.',
    }),
    source: t.exposeString('source', { description: 'Which part of the platform it mostly comes from.' }),
    hidden: t.exposeBoolean('hidden', { description: 'Hidden by its owner: nobody is matched by it.' }),
  }),
});

const Portrait = builder.objectRef<PortraitShape>('Portrait').implement({
  description: 'What a person’s record says of their interests. Only its owner sees it.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled'),
    tags: t.field({
      type: [PortraitTagType],
      directives: { listSize: { assumedSize: maxTags } },
      resolve: ({ tags }) => [...tags],
    }),
    asOf: t.expose('asOf', { type: 'DateTime' }),
  }),
});

/** Switched off, there is nothing to see and nothing to match. */
async function portraitOf(viewer: ViewerRef, { loaders, now }: Context): Promise<PortraitShape> {
  const settings = await loaders.portraitSettings.load(viewer.id);
  if (settings !== null && !settings.enabled) return { enabled: false, tags: [], asOf: now() };
  const interests = await loaders.interests.load(viewer.id);
  return { enabled: true, tags: tagsOf(interests, settings?.hidden_tags ?? []), asOf: now() };
}

builder.objectFields(Viewer, (t) => ({
  portrait: t.field({
    type: Portrait,
    directives: { cost: { weight: 10 } },
    resolve: (viewer, _args, context) => portraitOf(viewer, context),
  }),
  matchingTags: t.stringList({
    nullable: true,
    inaccessible: true,
    description: 'The portrait’s strong tags; null without consent to matching.',
    resolve: async (viewer, _args, context) => {
      if (!(await agrees(viewer, context, 'PORTRAIT_MATCHING'))) return null;
      return matchingTagsOf((await portraitOf(viewer, context)).tags);
    },
  }),
}));

const SetPortraitInput = builder.inputType('SetPortraitInput', {
  fields: (t) => ({
    enabled: t.boolean({ required: false }),
    hideTags: t.stringList({ required: false }),
    showTags: t.stringList({ required: false }),
  }),
});

builder.mutationField('setPortrait', (t) =>
  t.field({
    type: ViewerPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SetPortraitInput }) },
    resolve: (_root, { input }, context) => mutate(context, setPortrait, input),
  }),
);
