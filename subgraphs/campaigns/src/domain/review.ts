/** The gates that every campaign passes before it is live. */
export const gateKinds = ['DATA', 'CUSTOMER_SERVICE', 'CROWD'] as const;
export type GateKind = (typeof gateKinds)[number];

export const gateStates = ['OPEN', 'PASSED', 'FAILED', 'NEEDS_INFO'] as const;
export type GateState = (typeof gateStates)[number];

/** How long reviewers have, in days. */
export const reviewDays = 3;

export interface Gate {
  readonly kind: GateKind;
  readonly state: GateState;
  readonly decidedBy: string | null;
}

export interface Decision {
  readonly kind: GateKind;
  readonly state: Exclude<GateState, 'OPEN'>;
  readonly by: string;
}

export type DecisionRefusal = 'OWN_CAMPAIGN' | 'ANOTHER_GATE' | 'NOT_OPEN' | 'NO_SUCH_GATE';

/**
 * Whether somebody may decide a gate. Four eyes: nobody decides on a campaign that is their own or for them, and nobody
 * passes two gates of one case.
 */
export function refusalOf(
  decision: Decision,
  gates: readonly Gate[],
  parties: readonly (string | null)[],
): DecisionRefusal | null {
  const gate = gates.find(({ kind }) => kind === decision.kind);
  if (gate === undefined) return 'NO_SUCH_GATE';
  if (parties.includes(decision.by)) return 'OWN_CAMPAIGN';
  if (gate.state !== 'OPEN') return 'NOT_OPEN';
  const hasDecided = gates.some(({ kind, decidedBy }) => kind !== decision.kind && decidedBy === decision.by);
  return hasDecided ? 'ANOTHER_GATE' : null;
}

/** What a decision means for the campaign. */
export function stepAfter(
  decision: Decision,
  gates: readonly Gate[],
): 'EXAMINE' | 'ASK_FOR_INFO' | 'REJECT' | 'APPROVE' {
  if (decision.state === 'FAILED') return 'REJECT';
  if (decision.state === 'NEEDS_INFO') return 'ASK_FOR_INFO';
  const othersPassed = gates.every(({ kind, state }) => kind === decision.kind || state === 'PASSED');
  return othersPassed ? 'APPROVE' : 'EXAMINE';
}

export function dueDate(from: Date): Date {
  return new Date(from.getTime() + reviewDays * 24 * 60 * 60 * 1_000);
}
