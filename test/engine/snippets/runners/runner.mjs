// Loads receivers and has each judge its requests: `node runner.mjs requests.txt`, one answer on a line of its own.
import { readFileSync } from 'node:fs';

const text = (field) => Buffer.from(field, 'base64').toString();
const lines = (field) => (field === '' ? [] : text(field).split('\n'));

for (const line of readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  const [file, method, target, headers, body, secrets] = line.split('\t');
  const { refusalOf } = await import(file);
  const fields = Object.fromEntries(
    lines(headers).map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1)]),
  );
  const request = { method, target, headers: fields, body: Buffer.from(body, 'base64') };
  console.log((await refusalOf(request, secrets.split(',').map(text))) ?? 'genuine');
}
