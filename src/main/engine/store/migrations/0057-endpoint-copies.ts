/** Leads from an endpoint to all copies that have its secrets, also to those that are no tests of it: they are erased with it. */
export const endpointCopies = {
  version: 57,
  sql: `
ALTER TABLE endpoints ADD COLUMN copy_of TEXT;
UPDATE endpoints SET copy_of = test_of WHERE test_of IS NOT NULL;
CREATE INDEX endpoints_copy_of ON endpoints (copy_of) WHERE copy_of IS NOT NULL;
`,
} as const;
