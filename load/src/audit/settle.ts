import { readPayments, type ProviderPayment } from './provider.ts';
import { inParts, inSnapshot } from './snapshot.ts';

/** Whose ends are waited for. */
export interface UnsettledRun {
  databaseUrl: string;
  keyPrefix: string;
  sandboxUrl: string | undefined;
  /** Where the provider's book stood when the run began. */
  bookStart: number;
}

/** What is still open of a run. */
interface Open {
  /** Payments that the provider has taken and the books do not hold yet. */
  payments: readonly ProviderPayment[];
  /** Gifts without an outcome, for each of which money may have been taken, where the provider's book cannot be read. */
  gifts: number;
  /** Up to where the provider's book was read; what was found booked is not asked about again. */
  readUpTo: number;
  /** Grows with all that happens to gifts of the run. */
  movement: string;
}

const openPayments = `
  select p.payment_id
  from unnest($1::text[], $2::text[]) as p (payment_id, donation_id)
  left join intents i on i.id = p.donation_id
  where (i.id is null or starts_with(i.key, $3))
    and not exists (
      select from payment_facts f where f.provider_ref = p.payment_id and f.kind in ('PAID', 'SUSPENDED')
    )`;
/** An order that waits to be paid has a checkout; nobody pays one where the provider cannot be reached. */
const openGifts = `
  select count(*)::int as gifts from intents i
  where starts_with(i.key, $1)
    and not exists (select from ledger.transfers t where t.book = i.campaign_id and t.id = i.id)
    and not exists (select from checkouts c where c.campaign_id = i.campaign_id and c.donation_id = i.id)
    and not exists (
      select from payment_facts f where f.campaign_id collate "POSIX" = i.campaign_id and f.donation_id = i.id and f.kind <> 'PAID'
    )`;
const movementOfRun = `
  select (select count(*) from intents where starts_with(key, $1)) || ' ' ||
         (select count(*) from ledger.transfers where starts_with(key, $1)) as movement`;

async function look(run: UnsettledRun, before: Open | undefined): Promise<Open> {
  const { sandboxUrl, keyPrefix } = run;
  const since = before?.readUpTo ?? run.bookStart;
  const { payments: newer, next: readUpTo } =
    sandboxUrl === undefined ? { payments: [], next: since } : await readPayments(sandboxUrl, since);
  return inSnapshot(run.databaseUrl, async (snapshot) => {
    const open = new Set<string>();
    const asked = [...(before?.payments ?? []), ...newer];
    for (const part of inParts(asked)) {
      const ids = part.map((payment) => payment.paymentId);
      const keys = part.map((payment) => payment.merchantKey);
      const rows = await snapshot.all<{ payment_id: string }>(openPayments, [ids, keys, keyPrefix]);
      for (const row of rows) open.add(row.payment_id);
    }
    const [moved] = await snapshot.all<{ movement: string }>(movementOfRun, [keyPrefix]);
    const payments = asked.filter(({ paymentId }) => open.has(paymentId));
    const [unsettled] =
      sandboxUrl === undefined ? await snapshot.all<{ gifts: number }>(openGifts, [keyPrefix]) : [];
    return { payments, gifts: unsettled?.gifts ?? 0, readUpTo, movement: `${moved?.movement} ${readUpTo}` };
  });
}

/** How long the auditor waits for retries and the sweep to finish what the run has begun. */
export interface Patience {
  /** Waits a moment between two looks. */
  pause: () => Promise<void>;
  maxLooks: number;
  /** Hears how many payments are still outside the books; without the provider's book, gifts that may have been paid. */
  onLook?: (open: number) => void;
}

function countOf({ payments, gifts }: Open): number {
  return payments.length + gifts;
}

/**
 * Waits until every payment of the run is in the books and nothing has moved between two looks: what a crash left is
 * finished by the sweep. Where the provider's book cannot be read, until every gift has an outcome. Gives the number of
 * payments or gifts that are still open when patience is at its end; payments are findings then. A database that does not answer yet is looked at again.
 */
export async function waitUntilSettled(run: UnsettledRun, patience: Patience): Promise<number> {
  let before: Open | undefined;
  let failure: unknown;
  for (let looks = 1; looks <= patience.maxLooks; looks += 1) {
    try {
      const open = await look(run, before);
      if (countOf(open) === 0 && open.movement === before?.movement) return 0;
      before = open;
      patience.onLook?.(countOf(open));
    } catch (error) {
      failure = error;
    }
    await patience.pause();
  }
  if (before === undefined) throw failure;
  return countOf(before);
}
