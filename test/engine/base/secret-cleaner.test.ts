import { expect, it } from 'vitest';
import { createSecretCleaner } from '#engine/base/secret-cleaner.ts';

it('takes out a secret that a page of an error has escaped, however it does that', () => {
  const { text } = createSecretCleaner([`a&b"c'd/e=f`]);
  expect(text(`<pre>no match for a&amp;b&quot;c&#39;d/e=f</pre>`)).toBe('<pre>no match for [secret]</pre>');
  expect(text('a&amp;b&quot;c&#x27;d/e&#x3D;f')).toBe('[secret]');
  expect(text('a&amp;b&quot;c&#39;d&#x2F;e&#x3D;f')).toBe('[secret]');
});
