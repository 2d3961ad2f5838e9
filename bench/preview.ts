import { request, Agent } from 'node:http';
import { once } from 'node:events';
import { counted } from './support/counted.ts';
import { summarise, type Figure } from './support/figures.ts';
import { startHost, type BenchHost } from './support/host.ts';
import { shown, type Findings, type Sizes } from './support/report.ts';
import { createTempFolder } from './support/temp-folder.ts';

/** Size of the event's data as JSON. */
const dataBytes = 100_000;

/** What is wanted of the 95th percentile. */
const wantedMs = 50;

/** Ways to make the body, from the cheapest. */
const subjects = {
  envelope: {},
  'a template over the data': { template: '{"kind": {{ type | json }}, "at": {{ timestamp | json }}, "payload": {{ data | json }}}' },
  "Stripe's envelope and style": { profile: 'stripe' },
} as const;
type Subject = keyof typeof subjects;

/** How long a preview of a large event takes over REST, from the call to the end of the answer. */
export async function benchPreview(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 3;
  const previews = sizes.messages ?? 100;
  const folder = createTempFolder();
  const host = await startHost(folder.path);
  const agent = new Agent({ keepAlive: true });
  const times: Record<Subject, number[]> = { envelope: [], 'a template over the data': [], "Stripe's envelope and style": [] };
  try {
    for (let round = 0; round <= rounds; round += 1)
      for (const subject of Object.keys(subjects) as Subject[])
        for (let number = 0; number < previews; number += 1) {
          const tookMs = await preview(host, agent, subject, number);
          // The first round warms up.
          if (round > 0) times[subject].push(tookMs);
        }
  } finally {
    agent.destroy();
    await host.stop();
    folder.remove();
  }
  return findingsOf(times, { rounds, previews, dataBytes });
}

async function preview({ url, token }: BenchHost, agent: Agent, subject: Subject, number: number): Promise<number> {
  const draft = { name: 'Bench', url: 'http://127.0.0.1:9/hook', ...subjects[subject] };
  const body = JSON.stringify({ draft, event: { type: 'invoice.paid', data: dataOf(number) } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const startedMs = performance.now();
  const sent = request(`${url}/api/preview`, { method: 'POST', agent, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { readonly statusCode: number }];
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) throw new Error(`A preview was answered ${response.statusCode}.`);
  return performance.now() - startedMs;
}

/** Data of lines such as those of an invoice; another each time, as while somebody types. */
function dataOf(number: number): unknown {
  const line = (index: number) => ({
    id: `li_${number}_${index}`,
    description: 'Zürich, two nights with breakfast',
    amount: 1999,
    tax: [7, 19],
  });
  const lines = Array.from({ length: Math.ceil(dataBytes / JSON.stringify(line(100)).length) }, (_, index) => line(index));
  return { object: { id: `in_${number}`, lines } };
}

function findingsOf(times: Readonly<Record<Subject, readonly number[]>>, sizes: Readonly<Record<string, number>>): Findings {
  const rows = (Object.keys(times) as Subject[]).map((name) => ({ name, ...summarise(times[name]), p95: percentile(times[name], 0.95) }));
  const within = rows.filter(({ p95 }) => p95 <= wantedMs).length;
  return {
    method: [
      `A headless host in a process of its own answers POST /api/preview for events with ${dataBytes} bytes of data, one after another and each with other data; timed from the call to the end of the answer, which has the request, its body, the signed string and a command for curl.`,
      `${counted(sizes['rounds'], 'round')} of ${sizes['previews']} previews of each kind, after one to warm up. ${within} of ${rows.length} have a 95th percentile of at most ${wantedMs} ms.`,
    ],
    sizes: { ...sizes, within },
    figures: rows.map(({ name, p95: _, ...summary }): Figure => ({ name, unit: 'ms', ...summary })),
    ratios: [],
    table: {
      columns: ['body', 'median, ms', 'p95, ms', 'max, ms'],
      rows: rows.map(({ name, median, p95, max }) => [name, shown(median), shown(p95), shown(max)]),
    },
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
