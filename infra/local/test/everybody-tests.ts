import { expect, test } from 'vitest';
import { signInBySms } from './graph-client.ts';
import type { TestGraph } from './test-graph.ts';

const patience = { timeout: 60_000, interval: 100 };

/** Answers that many share change when what they tell of has changed. */
export function testWhatEverybodySees({ system, ask }: TestGraph): void {
  test('shows its change at once to who made it, and soon to everybody', async () => {
    const person = await signInBySms(system, '+8613900005680');
    const { data } = await ask<{ me: { user: { id: string } } }>('{ me { user { id } } }', {}, person);
    const nameOf = async (token?: string) => {
      const answer = await ask<{ user: { displayName: string } }>(
        'query ($id: ID!) { user(id: $id) { displayName } }',
        { id: data.me.user.id },
        token,
      );
      return answer.data.user.displayName;
    };
    for (const name of ['Zhang Wei', 'Li Na', 'Wang Fang']) {
      await nameOf();
      await ask(
        'mutation ($name: String!) { updateProfile(input: { displayName: $name }) { userErrors { code } } }',
        { name },
        person,
      );
      expect(await nameOf(person)).toBe(name);
      await expect.poll(() => nameOf(), patience).toBe(name);
    }
  }, 180_000);

  test('counts a new member of a circle for everybody who looks at it', async () => {
    const found = await ask<{
      circles: { nodes: { id: string; access: string; requires: Record<string, string | null> }[] };
    }>('{ circles(first: 50) { nodes { id access requires { realNameLevel trustBand } } } }');
    const id = found.data.circles.nodes.find(
      ({ access, requires }) =>
        access === 'PUBLIC_READ' && requires['realNameLevel'] === 'NONE' && requires['trustBand'] === null,
    )?.id;
    const membersOf = async () => {
      const answer = await ask<{ circle: { memberCount: string } }>(
        'query ($id: ID!) { circle(id: $id) { memberCount } }',
        { id },
      );
      return Number(answer.data.circle.memberCount);
    };
    const before = await membersOf();
    const person = await signInBySms(system, '+8613900005681');
    const { data } = await ask<{ joinCircle: { userErrors: { code: string }[] } }>(
      'mutation ($id: ID!) { joinCircle(input: { circleId: $id }) { userErrors { code } } }',
      { id },
      person,
    );
    expect(data.joinCircle.userErrors).toEqual([]);
    await expect.poll(() => membersOf(), patience).toBe(before + 1);
  }, 180_000);
}
