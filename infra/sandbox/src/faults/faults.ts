import { createHash } from 'node:crypto';
import { isNotificationKind, type FaultInput, type Operation } from './fault.ts';

/** Something that is about to happen and may go wrong. */
export interface Occasion {
  readonly service: FaultInput['service'];
  readonly operation: Operation;
  /** Whom or what it is about: a phone, a merchant's key. */
  readonly subject: string;
}

export interface Fault extends FaultInput {
  readonly faultId: string;
  hits: number;
}

export interface Faults {
  order(input: FaultInput): Fault;
  list(): Fault[];
  /** Without an id, all of them. */
  cancel(faultId?: string): void;
  /** The faults that strike now, in the order they were given; counts them. */
  draw(occasion: Occasion): Fault[];
}

const maxFaults = 100;
const maxSubjectsPerFault = 100_000;

interface Rule {
  readonly fault: Fault;
  /** How often each subject has come by. */
  readonly visits: Map<string, number>;
}

/**
 * Faults to order. Whether one strikes with a probability depends on its seed, the subject and how often that subject
 * has come by, not on the order in which subjects arrive: a concurrent run repeats exactly.
 */
export function createFaults(): Faults {
  const rules: Rule[] = [];
  let ordered = 0;

  return {
    order(input) {
      ordered += 1;
      const fault: Fault = { ...input, faultId: `fault_${ordered}`, hits: 0 };
      rules.push({ fault, visits: new Map() });
      if (rules.length > maxFaults) rules.shift();
      return fault;
    },
    list: () => rules.map(({ fault }) => fault),
    cancel(faultId) {
      const kept = rules.filter(({ fault }) => faultId !== undefined && fault.faultId !== faultId);
      rules.splice(0, rules.length, ...kept);
    },
    draw(occasion) {
      if (rules.length === 0) return [];
      const striking = rules.filter((rule) => strikes(rule, occasion)).map(({ fault }) => fault);
      for (const fault of striking) fault.hits += 1;
      return striking;
    },
  };
}

function strikes({ fault, visits }: Rule, occasion: Occasion): boolean {
  if (fault.service !== occasion.service) return false;
  if (isNotificationKind(fault.kind) !== (occasion.operation === 'notification')) return false;
  if (fault.operation !== undefined && fault.operation !== occasion.operation) return false;
  if (fault.match !== undefined && !occasion.subject.includes(fault.match)) return false;
  // Without count and probability, it strikes once.
  const count = fault.count ?? (fault.probability === undefined ? 1 : Number.POSITIVE_INFINITY);
  if (fault.hits >= count) return false;
  return fault.probability === undefined || chance(fault.seed, occasion, visits) < fault.probability;
}

/** In [0, 1), from seed, operation, subject and the number of the subject's visit. */
function chance(seed: string, { operation, subject }: Occasion, visits: Map<string, number>): number {
  const key = `${operation} ${subject}`;
  const visit = (visits.get(key) ?? 0) + 1;
  visits.delete(key);
  visits.set(key, visit);
  if (visits.size > maxSubjectsPerFault) visits.delete(visits.keys().next().value as string);
  const hash = createHash('sha256').update(`${seed}\n${key}\n${visit}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32;
}
