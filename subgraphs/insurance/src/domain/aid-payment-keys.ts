/** A membership's payments have keys of their own kinds: the first amount and top-ups never answer for each other. */
export function joinKey(key: string): string {
  return `join ${key}`;
}

export function topUpKey(key: string): string {
  return `top-up ${key}`;
}
