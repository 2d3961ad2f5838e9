/** What a draft says, or what in it cannot be read, by field of the contract. */
export type Read<Value> = { readonly value: Value } | { readonly issues: Readonly<Record<string, string>> };
