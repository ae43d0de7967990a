import { startMailbox } from '@banyan/kit/testing';

interface MerchantEvent {
  readonly eventId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A merchant's endpoint, which reads what it is told; `statuses` are its first answers, then it acknowledges. */
export async function startMerchantServer(statuses: number[] = []) {
  const mailbox = await startMailbox(statuses);
  return {
    url: mailbox.url,
    /** Resolves as soon as so many notifications have come. */
    untilReceived: async (count: number) =>
      (await mailbox.untilTold(count)).map(({ headers, body }) => ({
        headers,
        body: body.toString(),
        event: JSON.parse(body.toString()) as MerchantEvent,
      })),
    stop: () => mailbox.stop(),
  };
}
