import { expect, test } from 'vitest';
import { ConfigError } from '../src/service/service.ts';
import { refuseSandboxInProduction } from '../src/subgraph/subgraph.ts';

test('the sandbox serves in development and is refused in production, by the name of the setting', () => {
  const settings = { NODE_ENV: 'development', SANDBOX_URL: 'http://127.0.0.1:4900' };
  expect(refuseSandboxInProduction(settings)).toBe(settings);
  const refuse = () => refuseSandboxInProduction({ ...settings, NODE_ENV: 'production' });
  expect(refuse).toThrow(ConfigError);
  expect(refuse).toThrow('SANDBOX_URL');
});
