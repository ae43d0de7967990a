/** What the graph does wrong. */
export type Bug =
  | 'none'
  | 'acknowledges before the commit'
  | 'counts on retry'
  | 'cache ignores versions'
  | 'orders and keeps no intent'
  | 'opens another order on retry'
  | 'asks the payer twice'
  | 'keeps what was paid in suspense'
  | 'live totals begin with an old state'
  | 'live totals go back'
  | 'live totals stand still';
