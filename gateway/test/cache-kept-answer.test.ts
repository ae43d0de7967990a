import { expect, test, vi } from 'vitest';
import { ChangeLog } from '../src/cache/change-log.ts';
import { KeptAnswer } from '../src/cache/kept-answer.ts';
import { parsePosition } from '../src/cache/position.ts';

const objects = ['Book:1'];
const answer = { status: 200, headers: [], body: '{"data":{"motto":"Read"}}', hasData: true };

test('an answer that is kept is looked at once for each news, however many ask and however often nothing is new', () => {
  const changes = new ChangeLog(parsePosition('1.1'));
  const look = vi.spyOn(changes, 'isUnchanged');
  const expiresAtMs = Date.now() + 60_000;
  const copy = { subgraph: 'library', value: 'Read', objects, position: changes.position, expiresAtMs };
  const kept = new KeptAnswer(answer, [copy]);
  const isGood = () => kept.isGood(() => changes);

  // The feed goes on without news, as others write to the same server.
  for (const heartbeat of ['1.1', '1.1', '5.0', '6.0']) {
    changes.advance(parsePosition(heartbeat));
    expect([isGood(), isGood()]).toEqual([true, true]);
  }
  expect(look).toHaveBeenCalledTimes(1);

  changes.note(['Book:2'], parsePosition('7.1'));
  changes.advance(parsePosition('7.1'));
  expect([isGood(), isGood()]).toEqual([true, true]);
  expect(look).toHaveBeenCalledTimes(2);

  changes.note(objects, parsePosition('8.1'));
  changes.advance(parsePosition('8.1'));
  expect(isGood()).toBe(false);
});
