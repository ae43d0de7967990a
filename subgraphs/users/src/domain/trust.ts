import { atLeast, trustBands, type RealNameLevel, type TrustBand } from '@banyan/vocabulary';

/** What counts, in the order in which it is explained. */
export const signalKinds = [
  'START',
  'REAL_NAME',
  'RELATIVES',
  'GIVING',
  'LEARNING',
  'PRAISE',
  'BELONGING',
] as const;
export type SignalKind = (typeof signalKinds)[number];

/** What is known of a person, in counts of different things. */
export interface TrustRecord {
  readonly realNameLevel: RealNameLevel;
  readonly relatives: number;
  /** Campaigns given to, whatever the amount: trust is not for sale. */
  readonly campaigns: number;
  readonly courses: number;
  /** People who praised. */
  readonly admirers: number;
  readonly circles: number;
}

export interface SignalPoints {
  readonly kind: SignalKind;
  readonly points: number;
  readonly count: number;
}

export interface Trust {
  readonly score: number;
  readonly band: TrustBand;
  readonly signals: readonly SignalPoints[];
}

const startPoints = 30;
const realNamePoints: Readonly<Record<RealNameLevel, number>> = {
  NONE: 0,
  TWO_FACTOR: 8,
  THREE_FACTOR: 12,
  FOUR_FACTOR: 16,
  FACE_LIVENESS: 20,
};
/** Points for each, and for all together at most. */
const pointsPer = {
  RELATIVES: { each: 4, most: 8 },
  GIVING: { each: 2, most: 16 },
  LEARNING: { each: 2, most: 8 },
  PRAISE: { each: 1, most: 10 },
  BELONGING: { each: 2, most: 8 },
} as const;
/** The least score of each band, strongest first. */
const bands: readonly (readonly [TrustBand, number])[] = [
  ['HIGH', 70],
  ['GOOD', 50],
  ['FAIR', 20],
];

/** The published formula: README.md of this subgraph. The score is the sum of its signals, 0 to 100. */
export function trustOf(record: TrustRecord): Trust {
  const counted = (kind: keyof typeof pointsPer, count: number): SignalPoints => ({
    kind,
    count,
    points: Math.min(pointsPer[kind].most, pointsPer[kind].each * count),
  });
  const all: SignalPoints[] = [
    { kind: 'START', count: 1, points: startPoints },
    { kind: 'REAL_NAME', count: 1, points: realNamePoints[record.realNameLevel] },
    counted('RELATIVES', record.relatives),
    counted('GIVING', record.campaigns),
    counted('LEARNING', record.courses),
    counted('PRAISE', record.admirers),
    counted('BELONGING', record.circles),
  ];
  const signals = all.filter(({ points }) => points !== 0);
  const score = Math.max(
    0,
    Math.min(
      100,
      signals.reduce((sum, { points }) => sum + points, 0),
    ),
  );
  return { score, band: bandOf(score, record.realNameLevel), signals };
}

/** Whoever has no verified name is trusted no further than everybody at the beginning, however busy. */
function bandOf(score: number, realNameLevel: RealNameLevel): TrustBand {
  const band = bands.find(([, least]) => score >= least)?.[0] ?? 'LOW';
  return realNameLevel === 'NONE' && atLeast(trustBands, band, 'FAIR') ? 'FAIR' : band;
}
