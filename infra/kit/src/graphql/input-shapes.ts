import { z } from 'zod';
import { isId } from './type-id.ts';

const maxKeyCharacters = 100;

/** Text that a person wrote: trimmed, 1 to `maxCharacters` characters, nothing that PostgreSQL cannot hold. */
export function writtenText(maxCharacters: number) {
  return z
    .string()
    .trim()
    .min(1, 'Say something, or leave it out. | 请填写内容，或省略此项。')
    .max(maxCharacters, `At most ${maxCharacters} characters. | 最多 ${maxCharacters} 个字符。`)
    .refine((value) => !value.includes('\0'), 'There is a NUL character in it. | 含有非法字符。');
}

/** An id of one kind, such as `typeId('cir')`. Whether the thing exists is another question. */
export function typeId(prefix: string) {
  return z
    .string()
    .refine((value) => isId(prefix, value), 'This is not an id of that kind. | 编号格式不正确。');
}

/** A key of the client's choice by which a repeated request is known. */
export const idempotencyKey = z
  .string()
  .regex(
    new RegExp(`^[\\x21-\\x7e]{1,${maxKeyCharacters}}$`),
    `1 to ${maxKeyCharacters} visible ASCII characters. | 1 至 ${maxKeyCharacters} 个可见 ASCII 字符。`,
  );
