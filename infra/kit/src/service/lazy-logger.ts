import type { Logger } from './logger.ts';

/**
 * A child of `log` that is made when somebody logs: making one costs more than a small operation does, and most operations have
 * nothing to say.
 */
export function lazyChild(log: Logger, bindings: Record<string, unknown>): Logger {
  let child: Logger | undefined;
  return new Proxy(log, {
    get: (_log, name) => Reflect.get((child ??= log.child(bindings)), name) as unknown,
    set: (_log, name, value) => Reflect.set((child ??= log.child(bindings)), name, value),
  });
}
