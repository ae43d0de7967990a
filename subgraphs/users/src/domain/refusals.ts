import { refuse } from '@banyan/kit/graphql';

/** What several actions answer. */
export const noSuchOrganisation = () =>
  refuse('NOT_FOUND', { en: 'There is no such organisation.', zh: '没有这个机构。' }, [
    'input',
    'organisationId',
  ]);

export const noSuchPerson = (field: string) =>
  refuse('NOT_FOUND', { en: 'There is no such person.', zh: '没有这位用户。' }, ['input', field]);

export const keyReused = () =>
  refuse(
    'IDEMPOTENCY_KEY_REUSED',
    {
      en: 'This key was used for another request. Take a new one.',
      zh: '该幂等键已用于另一个请求，请换一个新的。',
    },
    ['input', 'idempotencyKey'],
  );

export const tooOften = (seconds: number) =>
  refuse(
    'RATE_LIMITED',
    {
      en: `That was often. Try again in ${Math.ceil(seconds / 60)} minutes.`,
      zh: `操作过于频繁，请在 ${Math.ceil(seconds / 60)} 分钟后重试。`,
    },
    null,
  );
