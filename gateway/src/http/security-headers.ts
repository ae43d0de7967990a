/**
 * What every answer of the graph carries for browsers: it is data, to be shown in no frame, run as no script, and kept by
 * nobody on the way.
 */
export function securityHeaders(hstsMaxAgeSeconds: number): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // Only where all of the host speaks TLS: browsers refuse plain HTTP to it from then on.
    ...(hstsMaxAgeSeconds > 0 && {
      'strict-transport-security': `max-age=${hstsMaxAgeSeconds}; includeSubDomains`,
    }),
    vary: 'accept, accept-language, authorization, banyan-api-key, banyan-cost, origin',
  };
}
