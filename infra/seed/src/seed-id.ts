import { createHash } from 'node:crypto';
import { TypeID } from 'typeid-js';

/** 2026-01-01T00:00:00Z: seed ids all bear this instant, and no order is ever read from an id. */
const timestampMs = 1_767_225_600_000;

/**
 * The same TypeID on every machine for the same prefix and number (or text, for things below a numbered one:
 * `seedId('ses', '12/3')`). The UUID has version 7's layout (RFC 9562, 5.7), its random bits are a hash.
 */
export function seedId<const Prefix extends string>(
  prefix: Prefix,
  key: number | string,
): `${Prefix}_${string}` {
  const bytes = createHash('sha256').update(`${prefix}:${key}`).digest().subarray(0, 16);
  bytes.writeUIntBE(timestampMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return `${prefix}_${TypeID.fromUUIDBytes(prefix, bytes).getSuffix()}`;
}

/** Prefixes of the ids by which one subgraph's seed refers to another's. */
export const idPrefixes = {
  user: 'usr',
  organisation: 'org',
  instructor: 'itr',
  station: 'stn',
  course: 'crs',
  campaign: 'cmp',
  circle: 'cir',
  product: 'prd',
  plan: 'pln',
} as const;

/** The id of a member of the cast: `castId('campaign', 1)`. */
export function castId<Kind extends keyof typeof idPrefixes>(
  kind: Kind,
  number: number,
): `${(typeof idPrefixes)[Kind]}_${string}` {
  return seedId(idPrefixes[kind], number);
}
