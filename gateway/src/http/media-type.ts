import { badRequest } from '../errors.ts';

export type AnswerType = 'application/json' | 'application/graphql-response+json';

const patterns: readonly [RegExp, AnswerType][] = [
  [/^application\/graphql-response\+json$/, 'application/graphql-response+json'],
  [/^(application\/json|application\/\*|\*\/\*)$/, 'application/json'],
];

/**
 * The media type of the answer, by GraphQL over HTTP: what the client likes best of the two, `application/json` where it
 * does not say.
 * @throws RequestRefused 406 when it takes neither.
 */
export function pickAnswerType(accept: string | undefined): AnswerType {
  if (accept === undefined || accept.trim() === '') return 'application/json';
  let best: { type: AnswerType; quality: number } | undefined;
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    const type = patterns.find(([pattern]) => pattern.test(name))?.[1];
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (type !== undefined && quality > (best?.quality ?? 0)) best = { type, quality };
  }
  if (best === undefined)
    throw badRequest('The answer can be application/graphql-response+json or application/json.', 406);
  return best.type;
}

/**
 * Lets `application/json` in UTF-8 through. Nothing else may carry an operation: a form on a foreign page can send other
 * types without asking first.
 * @throws RequestRefused 415.
 */
export function requireJson(contentType: string | undefined): void {
  // As nearly everybody writes it.
  if (contentType === 'application/json') return;
  const [type, ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (type === 'application/json' && (charset === undefined || charset === 'utf-8' || charset === 'utf8'))
    return;
  throw badRequest('Send the operation as application/json in UTF-8.', 415, {
    'accept-post': 'application/json',
  });
}
