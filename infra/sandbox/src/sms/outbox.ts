interface Message {
  readonly messageId: string;
  readonly phone: string;
  readonly text: string;
  readonly sentAt: string;
}

export interface Outbox {
  send(phone: string, text: string): Message;
  /** Newest first. */
  read(phone: string): Message[];
}

const maxMessagesPerPhone = 20;
const maxPhones = 50_000;

/** The last messages to each phone, in bounded memory: the phone that was quiet longest is forgotten first. */
export function createOutbox(now: () => Date): Outbox {
  const messages = new Map<string, Message[]>();
  let sent = 0;
  return {
    send(phone, text) {
      sent += 1;
      const message = { messageId: `sms_${sent}`, phone, text, sentAt: now().toISOString() };
      const earlier = messages.get(phone) ?? [];
      messages.delete(phone);
      messages.set(phone, [message, ...earlier].slice(0, maxMessagesPerPhone));
      if (messages.size > maxPhones) messages.delete(messages.keys().next().value as string);
      return message;
    },
    read: (phone) => messages.get(phone) ?? [],
  };
}
