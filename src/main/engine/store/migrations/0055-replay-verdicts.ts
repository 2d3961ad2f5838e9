/** How many attempts a delivery had when a replay made it due: what came before is compared with what came of it. Null for older replays. */
export const replayVerdicts = {
  version: 55,
  sql: `
ALTER TABLE replay_items ADD COLUMN attempts_before INTEGER;
`,
} as const;
