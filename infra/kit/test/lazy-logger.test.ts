import { Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { lazyChild } from '../src/service/lazy-logger.ts';
import { createLogger } from '../src/service/logger.ts';

function listen() {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString('utf8')) as Record<string, unknown>);
      done();
    },
  });
  return { lines, log: createLogger({ service: 'test', level: 'info' }, destination) };
}

test('a child that is made when it is needed says what any child says, and its parent does not', () => {
  const { lines, log } = listen();
  const child = lazyChild(log, { requestId: 'r1' });
  child.info({ step: 1 }, 'one');
  child.child({ part: 'p' }).warn('two');
  log.info('three');
  expect(lines).toMatchObject([
    { msg: 'one', requestId: 'r1', step: 1, service: 'test' },
    { msg: 'two', requestId: 'r1', part: 'p' },
    { msg: 'three' },
  ]);
  expect(lines[2]).not.toHaveProperty('requestId');
});

test('a child’s level is its own', () => {
  const { lines, log } = listen();
  const child = lazyChild(log, { requestId: 'r1' });
  child.level = 'error';
  child.info('not heard');
  log.info('heard');
  expect(lines.map((line) => line['msg'])).toEqual(['heard']);
});

test('who says nothing costs no child', () => {
  const { log } = listen();
  const made = vi.spyOn(log, 'child');
  lazyChild(log, { requestId: 'r1' });
  expect(made).not.toHaveBeenCalled();
});
