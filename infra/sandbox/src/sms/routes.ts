import { z } from 'zod';
import { withFaults } from '../faults/with-faults.ts';
import type { Faults } from '../faults/faults.ts';
import { jsonBody } from '../http/input.ts';
import { ok, Problem, type Routes } from '../http/reply.ts';
import type { Outbox } from './outbox.ts';

/** E.164. */
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'a phone such as +8613800000001');
const messageInput = z.object({ phone, text: z.string().min(1).max(1_000) });

export function smsRoutes(outbox: Outbox, faults: Faults): Routes {
  return {
    'POST /sms/messages': (call) => {
      const input = jsonBody(call, messageInput);
      return withFaults(faults, { service: 'sms', operation: 'send', subject: input.phone }, (declined) => {
        if (declined) throw new Problem(422, 'UNREACHABLE', 'This phone takes no messages.');
        const { messageId, sentAt } = outbox.send(input.phone, input.text);
        return { status: 202, json: { messageId, sentAt } };
      });
    },
    'GET /sms/outbox': (call) => {
      // A plus sign that nobody encoded arrives as a blank.
      const parsed = phone.safeParse((call.query.get('phone') ?? '').trim().replace(/^(?=\d)/, '+'));
      if (!parsed.success) throw new Problem(400, 'INVALID_INPUT', 'phone: a phone such as +8613800000001');
      return ok({ messages: outbox.read(parsed.data) });
    },
  };
}
