import { afterAll } from 'vitest';

/**
 * What all tests of a file share, started before them and stopped after them, at the top of the file:
 * `const circles = await sharedByTests(startCircles());`
 */
export async function sharedByTests<Running extends { stop(): Promise<void> }>(
  starting: Promise<Running>,
): Promise<Running> {
  const running = await starting;
  afterAll(() => running.stop());
  return running;
}
