/** What can keep an embedded server from starting, as a word that a program can compare. */
export type EmbeddedErrorCode =
  | 'VERSION_MISMATCH'
  | 'PORT_BUSY'
  | 'DATA_IN_USE'
  | 'DATA_NOT_OURS'
  | 'DISK_FULL'
  | 'NO_BINARIES'
  | 'NO_ACCOUNT'
  | 'START_FAILED';

/**
 * An embedded server could not be started. `message` is one line for a person, `advice` one line that says
 * what to do; neither needs a stack trace beside it.
 */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
  readonly code: EmbeddedErrorCode;
  readonly advice: string;

  constructor(code: EmbeddedErrorCode, message: string, advice: string) {
    super(message);
    this.code = code;
    this.advice = advice;
  }
}
