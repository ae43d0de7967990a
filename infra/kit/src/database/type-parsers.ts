import pg from 'pg';
import type { CustomTypesConfig } from 'pg';

// Object identifiers of pg_type, fixed in PostgreSQL's src/include/catalog/pg_type.dat.
const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const DATE_ARRAY = 1182;
const TEXT_ARRAY = 1009;

type Parse = (text: string) => unknown;
type Oid = Parameters<typeof pg.types.getTypeParser>[0];

const parseTextArray = pg.types.getTypeParser(TEXT_ARRAY as Oid) as (text: string) => (string | null)[];

const ourParsers: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [INT8, BigInt],
  [INT8_ARRAY, (text) => parseTextArray(text).map((each) => (each === null ? null : BigInt(each)))],
  // A calendar day has no time zone: as a Date it would move with the machine's zone.
  [DATE, (text) => text],
  [DATE_ARRAY, parseTextArray],
]);

/**
 * How column values arrive: int8 as bigint, date as 'YYYY-MM-DD', timestamptz as Date (milliseconds), numeric as string,
 * json as parsed.
 */
export const typeParsers: CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const ours = format === 'binary' ? undefined : ourParsers.get(oid);
    return ours ?? (pg.types.getTypeParser(oid, format ?? 'text') as Parse);
  },
};
