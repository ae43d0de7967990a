/** Port to whoever sends text messages. */
export interface SmsProvider {
  /** @throws SmsUnavailable when the message was not taken. */
  send(message: { phone: string; text: string }): Promise<void>;
}

class SmsUnavailable extends Error {
  override readonly name = 'SmsUnavailable';
}

const smsTimeoutMs = 5_000;

/** Sends by HTTP: `POST /sms/messages`. */
export function createHttpSmsProvider(options: { url: string }): SmsProvider {
  return {
    async send(message) {
      try {
        const response = await fetch(new URL('/sms/messages', options.url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(message),
          signal: AbortSignal.timeout(smsTimeoutMs),
        });
        if (!response.ok) throw new Error(`status ${response.status}`);
      } catch (error) {
        throw new SmsUnavailable('The message could not be sent.', { cause: error });
      }
    },
  };
}
