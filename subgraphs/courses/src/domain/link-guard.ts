/** Hosts, with everything below them, that posts may link to; every other link is taken for bait. */
const trustedHosts = ['gov.cn', 'edu.cn', 'banyan.example', 'wikipedia.org'];

/** Top-level domains that are common in links; others count only behind a scheme or `www.`. */
const knownEndings =
  'com|cn|net|org|top|xyz|vip|shop|club|site|online|icu|info|biz|cc|tv|me|io|app|link|live|store|work|ltd|fun|ink|pro|co|hk|tw|ru|tk|ml|ga|cf';

const withScheme = /[a-z][a-z0-9+.-]*:\/\/([^\s/?#，。、！？）】》]+)/g;
const withWww = /(?<![\p{L}\p{N}.-])(www\.[^\s/?#，。、！？）】》]+)/gu;
const bareName = new RegExp(`(?<![a-z0-9@.-])((?:[a-z0-9-]+\\.)+(?:${knownEndings}))(?![a-z0-9-])`, 'g');
const bareAddress = /(?<![\d.])((?:\d{1,3}\.){3}\d{1,3})(?![\d.])/g;

/** Undoes the common disguises: full width, invisible characters, other dots, `dot` and `点` written out. */
function unmask(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[。｡．·•]/g, '.')
    .replace(/\s*(?:\[\s*(?:dot|\.|点)\s*\]|\(\s*(?:dot|\.|点)\s*\)|【点】)\s*/g, '.')
    .replace(new RegExp(`(?<=[a-z0-9])\\s*(?:点|\\.)\\s*(?=(?:${knownEndings})(?![a-z0-9]))`, 'g'), '.');
}

/** The first link in a text that leads to a host nobody vouches for; null when there is none. */
export function findUntrustedLink(text: string): string | null {
  const plain = unmask(text);
  for (const pattern of [withScheme, withWww, bareName, bareAddress]) {
    for (const [, authority = ''] of plain.matchAll(pattern)) {
      // What stands before an @ is no host: https://gov.cn@evil.example.
      const host = authority
        .slice(authority.lastIndexOf('@') + 1)
        .replace(/:\d*$/, '')
        .replace(/\.+$/, '');
      if (!trustedHosts.some((trusted) => host === trusted || host.endsWith(`.${trusted}`))) return host;
    }
  }
  return null;
}
