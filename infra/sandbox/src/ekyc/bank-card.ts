/** Whether a text is a card number whose check digit holds (ISO/IEC 7812-1, Luhn). */
export function isBankCard(text: string): boolean {
  if (!/^\d{13,19}$/.test(text)) return false;
  const sum = [...text].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
