/** An object that was parsed from JSON. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What an object that was parsed from JSON holds under a name. JSON has no functions, so a function is something that
 * every object inherits, such as `constructor`, and not there.
 */
export function readField(object: JsonObject, name: string): unknown {
  const value = object[name];
  return typeof value === 'function' ? undefined : value;
}

/** What a client gave under a name of its own choice, which may be `constructor` or `__proto__`; undefined where it gave nothing. */
export function ownValue(given: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}
