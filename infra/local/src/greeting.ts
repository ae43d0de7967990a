import type { System } from './system.ts';

const DEMO_PHONE = '+8613800000001';
const SAMPLE_QUERY = '{ campaigns(first: 3) { nodes { title totals { raised { minor currency } } } } }';

/** What a person reads when the system is up. */
export function greetingOf(system: System): string {
  const { gateway, sandbox } = system.urls;
  const lines = [`Banyan is ready after ${system.secondsToReady.toFixed(1)} seconds.`, ''];
  if (gateway !== undefined) {
    lines.push(
      `  Graph     ${gateway}/graphql`,
      `  Explorer  ${gateway}/`,
      `  Health    ${gateway}/health/ready`,
      '',
      '  Ask       ' + `curl ${gateway}/graphql -H 'content-type: application/json' \\`,
      `              -d '${JSON.stringify({ query: SAMPLE_QUERY })}'`,
    );
  } else {
    for (const [name, url] of Object.entries(system.urls)) lines.push(`  ${name.padEnd(9)} ${url}`);
  }
  if (gateway !== undefined && sandbox !== undefined) {
    lines.push(
      '',
      `  Sign in   as the donor 王秀英: requestSignInCode(input: { phone: "${DEMO_PHONE}" }),`,
      `            read the code at ${sandbox}/sms/outbox?phone=${encodeURIComponent(DEMO_PHONE)},`,
      `            signIn(input: { phone: "${DEMO_PHONE}", code: "…", deviceName: "laptop" }),`,
      '            then send the access token as "authorization: Bearer …"',
      '  Surge     npm run surge   in a second terminal',
    );
  }
  lines.push('  Stop      Ctrl-C          the data stay; npm start -- --fresh begins anew', '');
  for (const note of system.notes) lines.push(`  Note      ${note}`, '');
  return `\n${lines.join('\n')}\n`;
}
