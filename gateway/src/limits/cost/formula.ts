/** The variables of one request, by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** A figure that is known, or that the variables of a request decide. */
export type Formula = number | ((variables: Variables) => number);

/** Above this nobody counts exactly: pages in pages multiply. */
const ceiling = 1e15;

/** The figure for one request. */
export function evaluate(formula: Formula, variables: Variables): number {
  return typeof formula === 'number' ? formula : formula(variables);
}

/** Known figures are added once; what is left is added for each request. */
export function sum(formulas: readonly Formula[]): Formula {
  let known = 0;
  const open: ((variables: Variables) => number)[] = [];
  for (const formula of formulas) {
    if (typeof formula === 'number') known = Math.min(ceiling, known + formula);
    else open.push(formula);
  }
  const [only] = open;
  if (only === undefined) return known;
  if (known === 0 && open.length === 1) return only;
  return (variables) => {
    let total = known;
    for (const formula of open) total += formula(variables);
    return Math.min(ceiling, total);
  };
}

export function product(a: Formula, b: Formula): Formula {
  if (typeof a === 'number') {
    if (a === 0) return 0;
    if (a === 1) return b;
    if (typeof b === 'number') return Math.min(ceiling, a * b);
    return (variables) => Math.min(ceiling, a * b(variables));
  }
  if (typeof b === 'number') return product(b, a);
  return (variables) => {
    const first = a(variables);
    return first === 0 ? 0 : Math.min(ceiling, first * b(variables));
  };
}

/** The greatest of some figures; 0 of none. */
export function greatest(formulas: readonly Formula[]): Formula {
  let known = 0;
  const open: ((variables: Variables) => number)[] = [];
  for (const formula of formulas) {
    if (typeof formula === 'number') known = Math.max(known, formula);
    else open.push(formula);
  }
  if (open.length === 0) return known;
  return (variables) => {
    let most = known;
    for (const formula of open) most = Math.max(most, formula(variables));
    return most;
  };
}
