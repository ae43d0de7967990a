import type { Kysely } from 'kysely';
import type { FactKind } from '../domain/facts.ts';
import type { SignalKind, TrustRecord } from '../domain/trust.ts';
import type { Database } from './database.ts';
import { countFacts } from './facts.ts';
import { findPeople } from './people.ts';
import { findRealNames } from './real-names.ts';
import { countVerifiedRelatives } from './relatives.ts';

/** What is known of a person that trust is reckoned from, and since when each part is as it is. */
export interface DatedTrustRecord extends TrustRecord {
  readonly personId: string;
  readonly latest: Readonly<Partial<Record<SignalKind, Date>>>;
}

/** Four queries, however many people. */
export async function findTrustRecords(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<DatedTrustRecord[]> {
  const people = await findPeople(db, personIds);
  const names = new Map((await findRealNames(db, personIds)).map((name) => [name.person_id, name]));
  const kin = new Map((await countVerifiedRelatives(db, personIds)).map((row) => [row.person_id, row]));
  const facts = Map.groupBy(await countFacts(db, personIds), (row) => row.person_id);
  return people.map((person) => {
    const told = new Map(facts.get(person.id)?.map((fact) => [fact.kind, fact]));
    const count = (kind: FactKind) => Number(told.get(kind)?.count ?? 0);
    const dates: readonly (readonly [SignalKind, Date | undefined])[] = [
      ['START', person.joined_at],
      ['REAL_NAME', names.get(person.id)?.verified_at],
      ['RELATIVES', kin.get(person.id)?.latest],
      ['GIVING', told.get('GIFT')?.latest],
      ['LEARNING', told.get('COURSE')?.latest],
      ['PRAISE', told.get('PRAISE')?.latest],
      ['BELONGING', told.get('CIRCLE')?.latest],
    ];
    return {
      personId: person.id,
      realNameLevel: person.real_name_level,
      relatives: Number(kin.get(person.id)?.count ?? 0),
      campaigns: count('GIFT'),
      courses: count('COURSE'),
      admirers: count('PRAISE'),
      circles: count('CIRCLE'),
      latest: Object.fromEntries(dates.filter(([, date]) => date !== undefined)),
    };
  });
}
