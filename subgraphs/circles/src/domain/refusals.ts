import { refuse } from '@banyan/kit/graphql';

/** What several actions answer. */
export const noSuchCircle = (field: string) =>
  refuse('NOT_FOUND', { en: 'There is no such circle.', zh: '没有这个圈子。' }, ['input', field]);

export const noSuchPost = (field: string) =>
  refuse('NOT_FOUND', { en: 'There is no such post.', zh: '没有这条帖子。' }, ['input', field]);

export const notYours = (field: string) =>
  refuse(
    'FORBIDDEN',
    { en: 'Your role in this circle does not allow it.', zh: '您在圈子中的角色无权进行此操作。' },
    ['input', field],
  );

export const keyReused = () =>
  refuse(
    'IDEMPOTENCY_KEY_REUSED',
    {
      en: 'This key was used for another request. Take a new one.',
      zh: '该幂等键已用于另一个请求，请换一个新的。',
    },
    ['input', 'idempotencyKey'],
  );
