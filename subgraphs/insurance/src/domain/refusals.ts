import { refuse, type Refusal } from '@banyan/kit/graphql';

export function notFound(en: string, zh: string, field: string): Refusal {
  return refuse('NOT_FOUND', { en, zh }, ['input', field]);
}

export function keyReused(): Refusal {
  return refuse(
    'IDEMPOTENCY_KEY_REUSED',
    { en: 'This key came before with another input.', zh: '该幂等键已用于不同的请求。' },
    ['input', 'idempotencyKey'],
  );
}

export function alreadyDecided(en: string, zh: string, field: string): Refusal {
  return refuse('ALREADY_DECIDED', { en, zh }, ['input', field]);
}

export function tooOften(seconds: number): Refusal {
  return refuse('RATE_LIMITED', {
    en: `That was often. Try again in ${seconds} seconds.`,
    zh: `操作过于频繁，请在 ${seconds} 秒后重试。`,
  });
}
