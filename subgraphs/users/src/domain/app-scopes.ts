import { z } from 'zod';
import { appScopes } from './words.ts';

/** Scopes as somebody asks for them: known ones, each once. */
export const scopeList = z
  .array(z.enum(appScopes, `One of ${appScopes.join(', ')}. | 可选权限：${appScopes.join('、')}。`))
  .max(appScopes.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, 'A scope is there twice. | 权限重复。');
