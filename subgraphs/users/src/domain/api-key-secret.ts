import { hashSecret, newSecret } from './access-tokens.ts';

/** Characters of a key that may be shown again: its kind and a few of its secret. */
const shownCharacters = 'bk_live_'.length + 6;

export interface NewApiKey {
  secret: string;
  prefix: string;
  secretHash: string;
}

/** A key with 256 random bits. Its beginning tells people and scanners of leaked secrets what it is. */
export function newApiKey(sandbox: boolean): NewApiKey {
  const secret = `${sandbox ? 'bk_test_' : 'bk_live_'}${newSecret()}`;
  return { secret, prefix: secret.slice(0, shownCharacters), secretHash: hashSecret(secret) };
}
