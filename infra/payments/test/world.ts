import { startMailbox } from '@banyan/kit/testing';
import { createSandbox } from '@banyan/sandbox';
import { createHttpPaymentProvider, type HttpPaymentProviderOptions } from '../src/payments.ts';

export const merchant = 'campaigns';
export const secret = 'a-secret-of-the-tests';
export const yuan = (minor: bigint) => ({ minor, currency: 'CNY' });
export const inAnHour = () => new Date(Date.now() + 3_600_000);

/** A sandbox, a provider that speaks to it, and a merchant's endpoint that is told. */
export async function startWorld(options: Partial<HttpPaymentProviderOptions> = {}) {
  const sandbox = createSandbox({ merchants: { [merchant]: secret }, notifyRetryMs: [1, 1, 1] });
  const { url } = await sandbox.start();
  const provider = createHttpPaymentProvider({ url, merchant, secret, ...options });
  const endpoint = await startMailbox();

  async function post(path: string, json: object) {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(json) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  return {
    url,
    provider,
    endpoint,
    fault: (fault: object) => post('/faults', { service: 'payments', ...fault }),
    pay: (orderId: string, how: object = {}) => post(`/payments/orders/${orderId}/pay`, how),
    async book(): Promise<{ kind: string; merchantKey: string; amount: { minor: string } }[]> {
      const response = await fetch(`${url}/payments/book?limit=10000`);
      const { entries } = (await response.json()) as {
        entries: { kind: string; merchantKey: string; amount: { minor: string } }[];
      };
      return entries;
    },
    async stop() {
      await provider.close();
      await endpoint.stop();
      await sandbox.stop();
    },
  };
}
