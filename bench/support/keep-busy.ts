/** Runs a job for each index from 0, keeping `outstanding` of them under way until all are done. */
export async function keepBusy(count: number, outstanding: number, job: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await job(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, outstanding) }, lane));
}
