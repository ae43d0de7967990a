import { RequestRefused } from '../errors.ts';

/** What Apollo's clients expect of a document that is not there: status 200, and nothing that a proxy may keep. */
const headers = { 'cache-control': 'private, no-cache, must-revalidate' };

/** The id is of no document that is known here: the client sends the document, with the id, for it to be remembered. */
export function documentNotFound(): RequestRefused {
  return new RequestRefused(200, 'PersistedQueryNotFound', { code: 'PERSISTED_QUERY_NOT_FOUND' }, headers);
}

/** Nothing is asked for by id here: the client sends documents from now on. */
export function documentsNotSupported(): RequestRefused {
  return new RequestRefused(
    200,
    'PersistedQueryNotSupported',
    { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    headers,
  );
}

/** A document came with an id that is not its own. */
export function wrongDocumentId(): RequestRefused {
  return new RequestRefused(400, 'provided sha does not match query', { code: 'BAD_REQUEST' });
}

/** Only operations of the manifest are served to the public. */
export function operationRequired(): RequestRefused {
  return new RequestRefused(403, 'Only registered operations are served here.', {
    code: 'PERSISTED_OPERATION_REQUIRED',
  });
}
