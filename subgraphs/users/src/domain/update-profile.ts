import { parseInput } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { updatePerson } from '../db/people.ts';

const text = (maxCharacters: number) =>
  z
    .string()
    .trim()
    .min(1, 'Say something, or leave it out. | 请填写内容，或省略此项。')
    .max(maxCharacters, `At most ${maxCharacters} characters. | 最多 ${maxCharacters} 个字符。`)
    .refine((value) => !value.includes('\0'), 'There is a NUL character in it. | 含有非法字符。');

const inputShape = z.object({
  displayName: text(40).nullish(),
  socialTitle: text(20).nullish(),
  birthYear: z
    .int()
    .min(1900, 'A year since 1900. | 1900 年以后的年份。')
    .max(new Date().getFullYear())
    .nullish(),
  regionCode: z
    .string()
    .regex(
      /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/,
      'An ISO 3166 code, such as CN-31. | 请使用 ISO 3166 代码，例如 CN-31。',
    )
    .nullish(),
  language: z
    .string()
    .regex(
      /^[a-z]{2}(-[A-Z][a-zA-Z]{1,3})?$/,
      'A language tag, such as zh-CN. | 请使用语言代码，例如 zh-CN。',
    )
    .nullish(),
});

/** Changes what is given and leaves the rest. */
export async function updateProfile(
  { db }: Services,
  personId: string,
  input: unknown,
): Promise<{ viewer: { id: string } }> {
  const { displayName, socialTitle, birthYear, regionCode, language } = parseInput(inputShape, input);
  const change = {
    ...(displayName != null && { display_name: displayName }),
    ...(socialTitle != null && { social_title: socialTitle }),
    ...(birthYear != null && { birth_year: birthYear }),
    ...(regionCode != null && { region_code: regionCode }),
    ...(language != null && { language }),
  };
  if (Object.keys(change).length > 0) await updatePerson(db, personId, change);
  return { viewer: { id: personId } };
}
