import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { unshown, type Finding } from './finding.ts';
import { readPayments } from './provider.ts';
import { inSnapshot } from './snapshot.ts';

/** Subjects whose history is told; whoever has more to look at begins with these. */
const maxSubjects = 10;
const maxLinesOfKey = 40;
const maxLinesOfReader = 200;

const rowsOfKey = `
  select 'intents' as place, to_jsonb(i)::text as row from intents i where i.key = $1
  union all
  select 'ledger.transfers', to_jsonb(t)::text from ledger.transfers t where t.key = $1
  union all
  select 'ledger.postings', to_jsonb(p)::text from ledger.transfers t
  join ledger.postings p on p.book = t.book and p.transfer = t.id where t.key = $1
  union all
  select 'payment_facts', to_jsonb(f)::text from intents i
  join payment_facts f on f.donation_id = i.id where i.key = $1
  union all
  select 'checkouts', to_jsonb(c)::text from intents i
  join checkouts c on c.campaign_id = i.campaign_id and c.donation_id = i.id where i.key = $1
  union all
  select 'unsettled', to_jsonb(u)::text from intents i
  join unsettled u on u.campaign_id = i.campaign_id and u.donation_id = i.id where i.key = $1`;

/** Where the history of a key lies. */
export interface HistorySources {
  recordFile: string;
  databaseUrl: string;
  sandboxUrl: string | undefined;
  bookStart: number;
}

/** All that is known of the first keys that a verdict names: what the load saw, our rows, the provider's payments. */
export async function tellHistories(
  findings: readonly Finding[],
  sources: HistorySources,
): Promise<string[]> {
  const trails = trailsOf(findings);
  if (trails.length === 0) return [];
  const seen = await readTrails(sources.recordFile, trails);
  const { payments } =
    sources.sandboxUrl === undefined
      ? { payments: [] }
      : await readPayments(sources.sandboxUrl, sources.bookStart);
  return inSnapshot(sources.databaseUrl, async (snapshot) => {
    const lines: string[] = [];
    for (const { name: subject } of trails) {
      const rows = await snapshot.all<{ place: string; row: string }>(rowsOfKey, [subject]);
      const ids = rows.flatMap(({ place, row }) =>
        place === 'intents' ? [(JSON.parse(row) as { id: string }).id] : [],
      );
      const taken = payments.filter(
        ({ merchantKey }) => ids.includes(merchantKey) || merchantKey === subject,
      );
      lines.push(
        `History of ${subject}`,
        ...(seen.get(subject) ?? []).map((line) => `  load      ${line}`),
        ...rows.map(({ place, row }) => `  database  ${place} ${row}`),
        ...taken.map(
          ({ paymentId, amount, merchantKey }) => `  provider  ${paymentId}: ${amount} for ${merchantKey}`,
        ),
      );
    }
    return lines;
  });
}

/** What makes a line of the record part of a history: a key, or all that one reader saw of a campaign. */
interface Trail {
  readonly name: string;
  readonly marks: readonly string[];
  readonly maxLines: number;
}

function trailsOf(findings: readonly Finding[]): Trail[] {
  const trails = findings
    .filter(({ fault }) => !unshown.has(fault))
    .map(({ subject, reader }): Trail =>
      reader === undefined
        ? { name: subject, marks: [`"key":"${subject}"`], maxLines: maxLinesOfKey }
        : {
            name: `${reader} at ${subject}`,
            marks: [`"reader":"${reader}"`, `"campaignId":"${subject}"`],
            maxLines: maxLinesOfReader,
          },
    );
  return [...new Map(trails.map((trail) => [trail.name, trail])).values()].slice(0, maxSubjects);
}

async function readTrails(file: string, trails: readonly Trail[]): Promise<Map<string, string[]>> {
  const lines = new Map<string, string[]>(trails.map(({ name }) => [name, []]));
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    for (const { name, marks, maxLines } of trails) {
      const known = lines.get(name);
      if (known === undefined || known.length >= maxLines) continue;
      if (marks.every((mark) => line.includes(mark))) known.push(line);
    }
  }
  return lines;
}
