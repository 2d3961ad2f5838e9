/** Puts values in the place of `{{name}}`, as `.http` files and Postman write variables, and keeps in mind which it met. */
export interface VariableFiller {
  /** The text with every variable that has a value; one without stays as it stands. */
  readonly fill: (text: string) => string;
  readonly used: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
}

/** A filler for one request. */
export function createVariableFiller(variables: ReadonlyMap<string, string>): VariableFiller {
  const used = new Set<string>();
  const missing = new Set<string>();
  const fill = (text: string) =>
    text.replace(/\{\{([^{}\n]{1,100})\}\}/g, (whole, name: string) => {
      const value = variables.get(name.trim());
      (value === undefined ? missing : used).add(name.trim());
      return value ?? whole;
    });
  return { fill, used, missing };
}
