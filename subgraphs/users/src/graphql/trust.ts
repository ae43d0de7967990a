import { builder } from '../builder.ts';
import { explain } from '../domain/explain-trust.ts';
import { trustOf, type SignalPoints, type Trust } from '../domain/trust.ts';
import { existing } from './existing.ts';
import { TrustBandEnum } from './user.ts';
import { Viewer } from './viewer.ts';

interface SignalShape extends SignalPoints {
  readonly id: string;
  readonly createdAt: Date;
}

const TrustSignal = builder.objectRef<SignalShape>('TrustSignal').implement({
  description: 'One part of a score, and what it is for.',
  fields: (t) => ({
    id: t.exposeID('id'),
    kind: t.exposeString('kind'),
    points: t.exposeInt('points'),
    explanation: t.string({ resolve: (signal, _args, { language }) => explain(signal)[language] }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the last of it happened.' }),
  }),
});

interface TrustShape extends Omit<Trust, 'signals'> {
  readonly signals: readonly SignalShape[];
  readonly asOf: Date;
}

const TrustProfile = builder.objectRef<TrustShape>('TrustProfile').implement({
  description: 'How far a person’s record is trusted, by a published formula: the sum of its signals.',
  fields: (t) => ({
    score: t.exposeInt('score', { description: '0 to 100.' }),
    band: t.expose('band', { type: TrustBandEnum }),
    signals: t.field({
      type: [TrustSignal],
      directives: { listSize: { assumedSize: 10 } },
      resolve: ({ signals }) => [...signals],
    }),
    asOf: t.expose('asOf', { type: 'DateTime' }),
  }),
});

builder.objectField(Viewer, 'trust', (t) =>
  t.field({
    type: TrustProfile,
    resolve: async ({ id }, _args, { loaders, now }) => {
      const record = existing(await loaders.trustRecord.load(id));
      const { signals, ...trust } = trustOf(record);
      const asOf = now();
      const shapes = signals.map((signal) => ({
        ...signal,
        id: `${id}:${signal.kind}`,
        createdAt: record.latest[signal.kind] ?? asOf,
      }));
      return { ...trust, signals: shapes, asOf };
    },
  }),
);
