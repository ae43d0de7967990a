import { banyanPrograms, type Processes } from '@banyan/local';

/** Something that befalls the system. */
export interface FaultKind {
  readonly name: string;
  readonly action:
    | 'kill'
    | 'freeze'
    | 'restart'
    | 'stop at once'
    | 'fail over'
    | 'fill'
    | 'flush'
    | 'pause'
    | 'cut before'
    | 'cut after';
  /**
   * A process by its name; what is cut between campaigns and PostgreSQL: the commit of `intents`, that of the `count`; what is
   * filled: the `disk` of PostgreSQL, the same with no room left in the write-ahead log (`wal`).
   */
  readonly victim: string;
}

function kind(action: FaultKind['action'], victim: FaultKind['victim']): FaultKind {
  return { name: `${action} ${victim}`, action, victim };
}

/** All that a fault run knows to do. */
export const repertoire: readonly FaultKind[] = [
  kind('kill', 'gateway'),
  kind('freeze', 'gateway'),
  kind('restart', 'gateway'),
  kind('kill', 'campaigns'),
  kind('freeze', 'campaigns'),
  kind('restart', 'campaigns'),
  kind('kill', 'postgres'),
  kind('freeze', 'postgres'),
  kind('stop at once', 'postgres'),
  kind('fill', 'disk'),
  kind('fill', 'wal'),
  kind('kill', 'redis'),
  kind('flush', 'redis'),
  kind('pause', 'redis'),
  kind('cut before', 'intents'),
  kind('cut after', 'intents'),
  kind('cut before', 'count'),
  kind('cut after', 'count'),
];

/** The same with the further processes of campaigns. */
export function repertoireFor(processes: Processes): readonly FaultKind[] {
  const copies = banyanPrograms(processes).filter(({ copyOf }) => copyOf !== undefined);
  const actions = ['kill', 'freeze', 'restart'] as const;
  return [...repertoire, ...copies.flatMap(({ name }) => actions.map((action) => kind(action, name)))];
}

/** A fault and its time. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the beginning of the load. */
  readonly atMs: number;
  /** How long a frozen process stays frozen, a full disk full. */
  readonly forMs: number;
  /** How many calls are cut. */
  readonly calls: number;
}

/** What came of a planned fault. */
export type Infliction = 'done' | 'not there' | 'without effect';

/** Told as soon as a fault has taken effect, which may be a while after it was begun; what is told again says nothing. */
export type TakeEffect = () => void;

/** The three kills of a surge, at fixed shares of it. */
export function planKills(seconds: number): PlannedFault[] {
  const shares = [
    ['gateway', 0.3],
    ['campaigns', 0.5],
    ['postgres', 0.7],
  ] as const;
  return shares.map(([victim, share]) => ({
    kind: kind('kill', victim),
    atMs: Math.round(seconds * 1_000 * share),
    forMs: 0,
    calls: 0,
  }));
}

/** In the middle of a surge the primary dies for good and its standby takes over. */
export function planFailOver(seconds: number): PlannedFault[] {
  return [
    { kind: kind('fail over', 'postgres'), atMs: Math.round((seconds * 1_000) / 2), forMs: 0, calls: 0 },
  ];
}

/** Whether PostgreSQL is what suffers: then it is told when it answered again. */
export function isOfDatabase({ victim }: FaultKind): boolean {
  return ['postgres', 'disk', 'wal'].includes(victim);
}
