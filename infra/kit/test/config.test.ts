import { expect, test } from 'vitest';
import { urlLists, urlMap } from '../src/service/service.ts';

const two = 'users=http://127.0.0.1:1,users=http://127.0.0.1:2';

test('a service may have several addresses where there may be several, and one where there may be one', () => {
  expect(urlLists.parse(`${two},circles=http://127.0.0.1:3`)).toEqual({
    users: ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
    circles: ['http://127.0.0.1:3'],
  });
  expect(urlMap.parse('users=http://127.0.0.1:1')).toEqual({ users: 'http://127.0.0.1:1' });
  expect(urlMap.safeParse(two).error?.issues).toMatchObject([
    { message: 'expected name=url,name=url, each name once' },
  ]);
});

test.each(['users', '=http://127.0.0.1:1', 'users=', 'users=somewhere', 'users=http://a,circles'])(
  'addresses written as "%s" are refused',
  (text) => {
    expect(urlLists.safeParse(text).success).toBe(false);
    expect(urlMap.safeParse(text).success).toBe(false);
  },
);
