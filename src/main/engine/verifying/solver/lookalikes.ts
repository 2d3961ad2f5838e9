/** Characters that people and text recognition confuse. */
const groups: readonly string[] = ['0Oo', '1lI|', '5Ss', '2Zz', '8B', '6G', '9g', 'uv', 'nr', 'ce', '-\u2013\u2010_', "'\u2019", '.,'];

/** What a character may have been; empty for most. */
export function lookalikesOf(sign: string): readonly string[] {
  return groups.flatMap((group) => (group.includes(sign) ? [...group].filter((other) => other !== sign) : []));
}

/** Whether two characters may have been confused. */
export function lookAlike(one: string, other: string): boolean {
  return groups.some((group) => group.includes(one) && group.includes(other));
}
