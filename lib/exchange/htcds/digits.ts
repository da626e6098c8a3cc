/** Digits of any script as 0 to 9. Each script's ten digits stand in a row, so the value is the distance from its zero. */
export function asciiDigits(text: string): string {
  return text.replace(/[^\P{Nd}0-9]/gu, (sign) => {
    let zero = sign.codePointAt(0) ?? 0
    const value = zero
    while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1)) && value - zero < 9) zero -= 1
    return String(value - zero)
  })
}
