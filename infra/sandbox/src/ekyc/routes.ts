import { z } from 'zod';
import { withFaults } from '../faults/with-faults.ts';
import type { Faults } from '../faults/faults.ts';
import { idempotencyKey, jsonBody } from '../http/input.ts';
import { page } from '../http/page.ts';
import { ok, type Routes } from '../http/reply.ts';
import type { Check, Checks } from './checks.ts';
import { checkInput } from './rules.ts';

const completion = z.object({ passed: z.boolean() }).strict();

export function ekycRoutes(checks: Checks, faults: Faults, publicUrl: () => string): Routes {
  function view({ checkId, level, verdict }: Check) {
    const challenged = verdict.state === 'PENDING' && verdict.reason === 'FACE_CHALLENGE';
    return {
      checkId,
      level,
      state: verdict.state,
      reason: verdict.state === 'VERIFIED' ? null : verdict.reason,
      challengeUrl: challenged ? `${publicUrl()}/ekyc/face/${checkId}` : null,
    };
  }

  return {
    'POST /ekyc/checks': (call) => {
      const key = idempotencyKey(call);
      const input = jsonBody(call, checkInput);
      return withFaults(faults, { service: 'ekyc', operation: 'check', subject: key }, (declined) => ({
        status: 201,
        json: view(checks.start(key, input, declined)),
      }));
    },
    'GET /ekyc/checks/:id': (call) => {
      const check = checks.find(call.params['id'] ?? '');
      return withFaults(faults, { service: 'ekyc', operation: 'query', subject: check.checkId }, () =>
        ok(view(check)),
      );
    },
    'POST /ekyc/checks/:id/complete': (call) =>
      ok(view(checks.complete(call.params['id'] ?? '', jsonBody(call, completion).passed))),
    'GET /ekyc/face/:id': (call) => {
      const { checkId, verdict } = checks.find(call.params['id'] ?? '');
      const open = verdict.state === 'PENDING';
      const buttons = [
        { label: '通过 Pass', action: `/ekyc/face/${checkId}/pass` },
        { label: '不通过 Fail', action: `/ekyc/face/${checkId}/fail` },
      ];
      return {
        status: 200,
        html: page(
          '人脸核验 Face check',
          open ? '请正对镜头。 Look at the camera.' : verdict.state,
          open ? buttons : [],
        ),
      };
    },
    'POST /ekyc/face/:id/:outcome': (call) => {
      const { checkId } = checks.complete(call.params['id'] ?? '', call.params['outcome'] === 'pass');
      return { status: 303, location: `/ekyc/face/${checkId}` };
    },
  };
}
