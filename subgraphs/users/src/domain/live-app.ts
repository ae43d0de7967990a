import { refuse } from '@banyan/kit/graphql';

/** What decides whether an app, or a key of it, is good for anything. */
interface Standing {
  sandbox: boolean;
  /** Of its organisation. */
  verified_at: Date | null;
}

/** Whether an app may do what is no trial: while its organisation is verified, and not after that was taken back. */
export function mayBeUsed({ sandbox, verified_at: verifiedAt }: Standing): boolean {
  return sandbox || verifiedAt !== null;
}

/** @throws Refusal `FORBIDDEN` for an app that is not for trial, of an organisation that is not verified. */
export function assertMayBeUsed(standing: Standing, field: readonly string[] | null): void {
  if (mayBeUsed(standing)) return;
  throw refuse(
    'FORBIDDEN',
    {
      en: 'Only an organisation that a reviewer has verified has apps that are not for trial.',
      zh: '机构通过审核后才能创建正式应用，目前可创建沙箱应用。',
    },
    field,
  );
}
