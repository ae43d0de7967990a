import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sendJson, type Route } from '@banyan/kit/service';
import { readExamples, type Example } from './examples.ts';

interface Page {
  plain: Buffer;
  compressed: Buffer;
  policy: string;
}

const compress = promisify(gzip);

/** The tab in front: the screen that crosses all subgraphs, where it is among the examples. */
const firstExample = 'campaign-screen';
const welcome =
  '# Banyan: one graph for community care.\n# Ctrl-Space offers what can be asked; the docs are on the left.\n\n{\n  __typename\n}\n';
/** What explorers add to each request: they see what it costs. */
const shownHeaders = '{ "banyan-cost": "1" }';

function inOrder(examples: readonly Example[]): Example[] {
  return [...examples].sort((a, b) => Number(b.name === firstExample) - Number(a.name === firstExample));
}

/** Everything is in the page: it may load nothing, run nothing but its own script, and speak to this origin alone. */
function policyFor(html: string): string {
  const script = html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'));
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}' blob:`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function renderPage(operationsPath: string): Promise<Page> {
  const examples = inOrder(await readExamples(operationsPath));
  // The package holds 9 MB of script; a gateway that nobody explores does not load it.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const options = {
    title: 'Banyan',
    endpoint: '/graphql',
    defaultQuery: welcome,
    headers: shownHeaders,
    defaultHeaders: shownHeaders,
    ...(examples.length > 0 && {
      defaultTabs: examples.map(({ query }) => ({ query, headers: shownHeaders })),
    }),
  };
  // The package writes the options into its script as they are; an operation must not be able to end it.
  const written = JSON.stringify(options);
  const html = renderGraphiQL(options)
    .split(written)
    .join(written.replaceAll('<', String.raw`\u003c`));
  const plain = Buffer.from(html);
  return { plain, compressed: await compress(plain), policy: policyFor(html) };
}

/** GraphiQL for browsers, from the package and from nowhere else; others are told where the graph is. */
export function createExplorerRoute(operationsPath: string): Route {
  let page: Promise<Page> | undefined;
  return async (request, response) => {
    if (request.headers.accept?.includes('text/html') !== true) {
      sendJson(response, 200, { graph: '/graphql', explorer: '/ with Accept: text/html' });
      return;
    }
    page ??= renderPage(operationsPath).catch((error: unknown) => {
      page = undefined;
      throw error;
    });
    const { plain, compressed, policy } = await page;
    const zipped = request.headers['accept-encoding']?.includes('gzip') === true;
    const body = zipped ? compressed : plain;
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
      ...(zipped && { 'content-encoding': 'gzip' }),
      vary: 'accept, accept-encoding',
      'cache-control': 'no-cache',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
  };
}
