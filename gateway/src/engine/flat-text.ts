import { readField, type JsonObject } from './json.ts';

/** JSON text of an object of one type that has nothing but values, as nearly every key has: all of it but the values. */
export class FlatText {
  readonly #values: readonly { name: string; before: string }[];
  readonly #end: string;

  constructor(typename: string, names: readonly string[]) {
    const values: { name: string; before: string }[] = [];
    let text = '{';
    for (const [index, name] of names.entries()) {
      text += `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;
      if (name === '__typename') {
        text += JSON.stringify(typename);
      } else {
        values.push({ name, before: text });
        text = '';
      }
    }
    this.#values = values;
    this.#end = `${text}}`;
  }

  /** The text with an object's values; null when one of them was not fetched. */
  write(object: JsonObject): string | null {
    let text = '';
    for (const { name, before } of this.#values) {
      const value = readField(object, name);
      if (value === undefined) return null;
      text += before + JSON.stringify(value);
    }
    return text + this.#end;
  }
}
