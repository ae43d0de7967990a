/** The schema is not as it should be. The message says what, the details say where. */
export class SchemaFailure extends Error {
  override readonly name = 'SchemaFailure';
  readonly details: readonly string[];
  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
