import { pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { hotSearchWatchKey } from '../domain/live-changes.ts';
import { Topic } from './refs.ts';

builder.subscriptionField('hotSearchChanged', (t) =>
  t.field({
    type: [Topic],
    description:
      'The hottest topics by rank, at once and whenever they were reckoned anew, which is every minute.',
    args: { first: t.arg.int({ required: false, defaultValue: 50 }) },
    subscribe: (_root, _args, { changes }) => changes.hotSearch.follow(hotSearchWatchKey),
    resolve: ({ value: topics }, args) => topics.slice(0, pageArgs({ first: args.first ?? 50 }).first),
  }),
);
