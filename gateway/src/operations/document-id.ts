import { hash } from 'node:crypto';

const hexDigest = /^[\da-f]{64}$/;

/** The id of a document: the SHA-256 of its text in UTF-8, as 64 hexadecimal digits. */
export function documentIdOf(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Whether a text can be the id of a document. */
export function isDocumentId(text: string): boolean {
  return hexDigest.test(text);
}
