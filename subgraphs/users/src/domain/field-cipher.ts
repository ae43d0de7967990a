import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts personal data at rest, and makes fingerprints that find a value without holding it in the clear. */
export interface FieldCipher {
  encrypt(clear: string): Buffer;
  decrypt(encrypted: Buffer): string;
  /** Keyed by purpose, so that fingerprints of one column say nothing about another. */
  fingerprint(purpose: string, clear: string): string;
}

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM (iv, tag, text) and HMAC-SHA256, with two keys derived from one by HKDF. */
export function createFieldCipher(key: Buffer): FieldCipher {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
  const encryptionKey = derive('encryption');
  const fingerprintKey = derive('fingerprint');
  return {
    encrypt(clear) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, iv);
      const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), text]);
    },
    decrypt(encrypted) {
      const decipher = createDecipheriv('aes-256-gcm', encryptionKey, encrypted.subarray(0, ivBytes));
      decipher.setAuthTag(encrypted.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([
        decipher.update(encrypted.subarray(ivBytes + tagBytes)),
        decipher.final(),
      ]).toString('utf8');
    },
    fingerprint: (purpose, clear) =>
      createHmac('sha256', fingerprintKey).update(`${purpose}\n${clear}`).digest('base64url'),
  };
}
