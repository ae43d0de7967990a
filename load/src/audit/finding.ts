/** What can be wrong. Any of it fails the run. */
export type Fault =
  /** Acknowledged, and not in the ledger; ordered, and nothing is known of it. */
  | 'LOST'
  /** One gift, more than one entry, intent or id. */
  | 'DOUBLED'
  /** A reader was shown less than before, a follower not told of what was acknowledged long ago. */
  | 'STALE'
  /** Booked otherwise than given. */
  | 'ALTERED'
  /** In the ledger under a key of the run that nobody sent, or under another that nobody began. */
  | 'UNSENT'
  /** Postings that do not sum to nought. */
  | 'UNBALANCED'
  /** A totals row that is not the sum of its postings. */
  | 'TOTALS_WRONG'
  /** The graph shows something else than the ledger holds. */
  | 'GRAPH_WRONG'
  /** Counted or taken on after its campaign had ended. */
  | 'AFTER_CLOSE'
  /** A campaign that the run was to end, of which nobody heard that it had. */
  | 'NOT_ENDED'
  /** One version, two sums. */
  | 'CONTRADICTORY'
  /** The provider has taken money that is neither counted nor in suspense for a reason that the load has given. */
  | 'UNCOUNTED'
  /** One wish, for which the provider has taken money more than once. */
  | 'PAID_TWICE'
  /** Counted, and the provider has not taken this amount. */
  | 'UNPAID'
  /** Nobody was acknowledged. */
  | 'NOTHING_GIVEN'
  /** A fault that was planned and did not happen, budgets that nobody used up. */
  | 'NOT_CARRIED_OUT';

export interface Finding {
  readonly fault: Fault;
  /** The idempotency key concerned, the campaign, or what was to be done. */
  readonly subject: string;
  readonly detail: string;
  /** Whose readings show it. */
  readonly reader?: string;
}

/** What a run has failed to show: there is no key behind it. */
export const unshown: ReadonlySet<Fault> = new Set(['NOTHING_GIVEN', 'NOT_CARRIED_OUT']);

/** How the faults are counted for a person. */
export const faultGroups: readonly (readonly [name: string, faults: readonly Fault[], short: string])[] = [
  ['lost', ['LOST'], 'lost'],
  ['doubled', ['DOUBLED'], 'doubled'],
  ['paid twice', ['PAID_TWICE'], 'paid twice'],
  ['wrong at a campaign’s end', ['AFTER_CLOSE', 'NOT_ENDED'], 'after the end'],
  ['stale or contradictory readings', ['STALE', 'CONTRADICTORY'], 'stale'],
  ['against the provider’s book', ['UNCOUNTED', 'UNPAID'], 'against provider'],
  [
    'altered, unbalanced, wrong totals',
    ['ALTERED', 'UNSENT', 'UNBALANCED', 'TOTALS_WRONG', 'GRAPH_WRONG'],
    'otherwise wrong',
  ],
  ['not shown', [...unshown], 'not shown'],
];
