/** Messages by the name of the option they are about: `header`, `signedContent` ... */
export type OptionErrors = Readonly<Record<string, string>>;
