import type { Page } from '@banyan/kit/database';

/** A page that can say how long the whole list is; it is counted only for who asks. */
export interface CountedPage<Node> extends Page<Node> {
  readonly total: () => Promise<bigint>;
}

export function counted<Node>(page: Page<Node>, total: () => Promise<bigint>): CountedPage<Node> {
  return { ...page, total };
}

/** The length of the list behind a page. Every resolver of a list with a total gives a counted page. */
export function totalOf(page: Page<unknown>): Promise<bigint> {
  return (page as CountedPage<unknown>).total();
}
