/** Weights of the 17 digits, 2^(17-i) mod 11 (GB 11643-1999, the MOD 11-2 system of ISO 7064). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

/** The check character of the first 17 digits of a citizen's identity number. */
export function checkCharacter(digits: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return checkCharacters[sum % 11] as string;
}

/** Whether a text is an identity number whose day of birth exists and whose check character holds. */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)];
  const birth = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const exists = !Number.isNaN(birth.getTime()) && birth.toISOString().startsWith(`${year}-${month}-${day}`);
  return exists && checkCharacter(text) === text[17];
}
