import { refuse } from '@banyan/kit/graphql';

/** In whose name a quote is asked for and a policy held. */
export interface Holder {
  /** Who asks, pays and may see it. */
  readonly ownerId: string;
  /** The owner's word for the insured; the owner's own id when that is the same person. */
  readonly reference: string;
}

/**
 * The one place that decides who may insure whom: a person herself, and nobody else. An owner with customers of its own
 * gets its rule here; what follows asks only for a `Holder`.
 */
export function holderOf(personId: string, holderReference: string): Holder {
  if (holderReference !== personId) {
    throw refuse(
      'FORBIDDEN',
      { en: 'You can ask for yourself only: give your own id.', zh: '只能为本人投保，请填写您自己的编号。' },
      ['input', 'holderReference'],
    );
  }
  return { ownerId: personId, reference: holderReference };
}
