/** Weights of the first 17 digits and check characters of their sum modulo 11 (GB 11643-1999, ISO 7064 MOD 11-2). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

export function checkCharacterOf(digits: string): string {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return checkCharacters.charAt(sum % 11);
}

/** Whether a text is an identity number: a day of birth that exists, and a check character that holds. */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const day = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  const birth = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(birth.getTime()) && birth.toISOString().startsWith(day);
  return exists && checkCharacterOf(text) === text[17];
}
