/** The language of an `Accept-Language` value that Banyan speaks best. */
export function pickLanguage(accepted: string | undefined): 'en' | 'zh' {
  return accepted !== undefined && /^\s*zh/i.test(accepted) ? 'zh' : 'en';
}
