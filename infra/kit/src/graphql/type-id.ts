import { TypeID, typeid } from 'typeid-js';

declare const prefixBrand: unique symbol;
/** A TypeID such as `cmp_01j…` whose prefix is known to the compiler. */
export type Id<Prefix extends string> = string & { readonly [prefixBrand]: Prefix };

/** A new id. Its order says nothing that may be relied on. */
export function newId<Prefix extends string>(prefix: Prefix): Id<Prefix> {
  return typeid<string>(prefix).toString() as Id<Prefix>;
}

/** Whether a text from outside is a well-formed id of this kind. */
export function isId<Prefix extends string>(prefix: Prefix, text: string): text is Id<Prefix> {
  if (text.length !== prefix.length + 27 || !text.startsWith(`${prefix}_`)) return false;
  try {
    TypeID.fromString(text, prefix);
    return true;
  } catch {
    return false;
  }
}
