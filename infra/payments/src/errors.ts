/** A key came again with another amount or payment. Keys are derived from intents, so this is a bug of ours. */
export class ProviderKeyReused extends Error {
  override readonly name = 'ProviderKeyReused';
  readonly key: string;
  constructor(key: string) {
    super(`The provider knows ${key} with another input.`);
    this.key = key;
  }
}

/** The provider rejects the request as such (input, credentials). Nothing happened, and asking again will not help. */
export class PaymentRequestRefused extends Error {
  override readonly name = 'PaymentRequestRefused';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(`The provider refused the request (${status} ${code}): ${message}`);
    this.status = status;
    this.code = code;
  }
}

export type NotificationProblem = 'NOT_SIGNED' | 'WRONG_SIGNATURE' | 'TOO_OLD' | 'UNREADABLE';

/** A notification that is not to be believed. Answer 400 and change nothing. */
export class NotificationRefused extends Error {
  override readonly name = 'NotificationRefused';
  readonly problem: NotificationProblem;
  constructor(problem: NotificationProblem) {
    super(`The notification is not to be believed: ${problem}.`);
    this.problem = problem;
  }
}
