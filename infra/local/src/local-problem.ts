/**
 * Something outside the code keeps the system from starting. `message` says what, `advice` what to do: a line or a few
 * each, shown without a stack trace.
 */
export class LocalProblem extends Error {
  override readonly name = 'LocalProblem';
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

/** What a person should read about a failure: two parts, never a stack. */
export function explain(error: unknown): { message: string; advice: string } {
  if (!(error instanceof Error)) return { message: String(error), advice: unknownAdvice };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return { message: 'The disk is full.', advice: 'Free some space and start again.' };
  if (code === 'EACCES' || code === 'EROFS') {
    return { message: error.message, advice: 'Give your account the right to write there, and start again.' };
  }
  if ('advice' in error && typeof error.advice === 'string') {
    return { message: error.message, advice: error.advice };
  }
  return { message: error.message, advice: unknownAdvice };
}

const unknownAdvice = 'Try again; if it stays, "npm start -- --fresh" starts with new data.';
