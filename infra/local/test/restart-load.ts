import { setTimeout as delay } from 'node:timers/promises';
import { askGraph, type GraphAnswer } from './graph-client.ts';
import { giveAsGuest, type GiftSystem } from './gift-system.ts';

/** Between an answer and the next question: whoever starts anew needs CPU, too. */
const pauseMs = 50;
/** A field of each subgraph. */
const reads = /* GraphQL */ `
  {
    campaign(slug: "liu-zhiqiang") {
      title
      supportingCircles(first: 1) {
        nodes {
          name
        }
      }
      supporterOffers {
        why
      }
    }
    courses(first: 1) {
      nodes {
        id
      }
    }
    organisations(first: 1) {
      nodes {
        id
      }
    }
  }
`;

/** Readers and donors, each of whom asks again a moment after the answer. */
export interface Crowd {
  /** Settles when so many more were answered. */
  more(answers: number): Promise<void>;
  /** Lets everybody finish; what was answered wrong, and the gifts that were acknowledged. */
  end(): Promise<{ failures: readonly unknown[]; gifts: number }>;
}

/** Lets them ask at `url`, which may lead to one gateway now and to another then. */
export function startCrowd(gifts: GiftSystem, url: string): Crowd {
  const { system } = gifts;
  const there = { ...gifts, system: { ...system, urls: { ...system.urls, gateway: new URL(url).origin } } };
  const failures: unknown[] = [];
  let isOver = false;
  let answered = 0;
  let counted = 0;

  async function read(): Promise<void> {
    const { data, errors }: GraphAnswer<{ campaign: unknown } | null> = await askGraph(
      there.system,
      reads,
      {},
    );
    if (errors !== undefined || data?.campaign == null) failures.push(errors);
  }
  async function give(): Promise<void> {
    const answer = await giveAsGuest(there, crypto.randomUUID());
    if (answer.donation?.state === 'COUNTED') counted += 1;
    else failures.push(answer);
  }
  async function repeat(work: () => Promise<void>): Promise<void> {
    while (!isOver) {
      await work().catch((error: unknown) => failures.push(error));
      answered += 1;
      await delay(pauseMs);
    }
  }

  const all = Promise.all([read, give, read, give].map(repeat));
  return {
    async more(answers) {
      const from = answered;
      while (answered < from + answers) await delay(pauseMs);
    },
    async end() {
      isOver = true;
      await all;
      return { failures, gifts: counted };
    },
  };
}
