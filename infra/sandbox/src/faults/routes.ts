import { jsonBody } from '../http/input.ts';
import { ok, type Routes } from '../http/reply.ts';
import { faultInput } from './fault.ts';
import type { Faults } from './faults.ts';

export function faultRoutes(faults: Faults): Routes {
  return {
    'POST /faults': (call) => ({ status: 201, json: faults.order(jsonBody(call, faultInput)) }),
    'GET /faults': () => ok({ faults: faults.list() }),
    'DELETE /faults': () => {
      faults.cancel();
      return ok({ faults: [] });
    },
    'DELETE /faults/:id': (call) => {
      faults.cancel(call.params['id'] ?? '');
      return ok({ faults: faults.list() });
    },
  };
}
