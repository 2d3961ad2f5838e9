import { expect, it } from 'vitest';
import { searches } from '#engine/threads/searches.ts';
import { tasks } from '#engine/threads/tasks.ts';

it.each([...Object.entries(tasks), ...Object.entries(searches)])(
  'a thread that is asked for %s reads what has that name',
  async (name, read) => {
    expect((await read()).name).toBe(name);
  },
);
