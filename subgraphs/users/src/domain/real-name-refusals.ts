import { refuse, type Refusal } from '@banyan/kit/graphql';

/** Why an identity number is not verified twice; known here, not by the provider. */
export const verifiedElsewhere = 'ALREADY_VERIFIED_ELSEWHERE';

/** What the person who asked is told of a check that failed. */
export function refusalOf(reason: string | null): Refusal {
  switch (reason) {
    case 'NAME_ID_MISMATCH':
    case 'FACE_MISMATCH':
      return refuse(
        'NAME_ID_MISMATCH',
        { en: 'Name and identity number do not belong together.', zh: '姓名与证件号码不匹配。' },
        ['input', 'legalName'],
      );
    case verifiedElsewhere:
      return refuse(
        'ALREADY_VERIFIED_ELSEWHERE',
        {
          en: 'This identity is verified for another account. Customer service can help.',
          zh: '该身份已在另一个账号完成实名认证，请联系客服处理。',
        },
        ['input', 'idNumber'],
      );
    case 'INVALID_ID_NUMBER':
      return refuse('INVALID_INPUT', { en: 'This is not an identity number.', zh: '证件号码不正确。' }, [
        'input',
        'idNumber',
      ]);
    case 'PHONE_MISSING':
    case 'PHONE_MISMATCH':
      return refuse(
        'NAME_ID_MISMATCH',
        { en: 'Your phone is registered under another name.', zh: '您的手机号登记在他人名下。' },
        ['input', 'level'],
      );
    case 'BANK_CARD_MISSING':
    case 'BANK_CARD_MISMATCH':
    case 'INVALID_BANK_CARD':
      return refuse(
        'NAME_ID_MISMATCH',
        { en: 'This is not a bank card of that person.', zh: '该银行卡不属于此人。' },
        ['input', 'bankCard'],
      );
    default:
      return refuse(
        'FORBIDDEN',
        { en: 'The check was refused. Try again later.', zh: '认证未通过，请稍后重试。' },
        null,
      );
  }
}
