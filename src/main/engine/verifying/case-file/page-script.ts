/**
 * The script of a case file: runs every check that needs no secret again and writes what it finds beside what was
 * recorded. It is a text, because it runs in whatever browser opens the file and its policy names it by its digest.
 * Values of the case reach the page as text only, never as markup.
 */
export const pageScript = `
'use strict';
(async () => {
  const data = JSON.parse(document.getElementById('case').textContent);
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const base64Of = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
  const passed = (detail) => ({ result: 'passed', detail });
  const failed = (detail) => ({ result: 'failed', detail });
  const skipped = (detail) => ({ result: 'skipped', detail });
  const { request, signed, facts } = data;
  const body = bytesOf(request.body.base64);
  const signedBytes = signed === null ? null : bytesOf(signed.base64);
  const headerOf = (name) => request.headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value ?? null;
  const noCryptography = 'This browser gives a page no cryptography here; open the file from disk.';
  const masked = 'Cannot be computed again: a secret in it was overwritten.';

  const spoken = (seconds) => {
    const size = Math.abs(seconds);
    const text = size < 120 ? size + ' s' : size < 7200 ? Math.round(size / 60) + ' min' : size < 172800 ? Math.round(size / 3600) + ' h' : Math.round(size / 86400) + ' d';
    return seconds < 0 ? text + ' in the future' : text + ' old';
  };
  const signedTimeMs = () => {
    const part = signed?.parts.find((candidate) => candidate.name === 'timestamp');
    const text = part === undefined ? '' : new TextDecoder().decode(signedBytes.slice(part.start, part.end));
    if (/^\\d{9,11}$/.test(text)) return Number(text) * 1000;
    return /^\\d{12,14}$/.test(text) ? Number(text) : facts.timestamp.atMs;
  };
  const age = (clockMs, shown) => {
    const atMs = signedTimeMs();
    const exactSeconds = (clockMs - atMs) / 1000;
    const seconds = Math.floor(exactSeconds);
    const compared = atMs % 1000 === 0 ? seconds : exactSeconds;
    const limit = facts.timestamp.toleranceSeconds;
    if (limit === null) return skipped(shown(seconds) + '; the scheme sets no limit');
    const detail = shown(seconds) + '; up to ' + limit + ' s allowed';
    return Math.abs(compared) <= limit ? passed(detail) : failed(detail);
  };
  const exact = (seconds) => (seconds < 0 ? -seconds + ' s in the future' : seconds + ' s old');
  const digest = async (kept, bytes) => {
    if (kept.maskedBytes > 0) return skipped(masked);
    if (globalThis.crypto?.subtle === undefined) return bytes.length === kept.bytes ? skipped(bytes.length + ' B. ' + noCryptography) : failed(bytes.length + ' B');
    const found = hexOf(await crypto.subtle.digest('SHA-256', bytes));
    const detail = bytes.length + ' B, SHA-256 ' + found;
    return bytes.length === kept.bytes && found === kept.sha256Hex ? passed(detail) : failed(detail);
  };

  const checks = {
    headers: () => {
      const missing = facts.neededHeaders.filter((name) => headerOf(name) === null);
      return missing.length === 0 ? passed('All there: ' + (facts.neededHeaders.join(', ') || 'none needed')) : failed('Missing: ' + missing.join(', '));
    },
    timestamp: () => age(data.checkedAtMs, exact),
    'timestamp-now': () => age(Date.now(), spoken),
    body: () => digest(request.body, body),
    'content-length': () => {
      const stated = (headerOf('content-length') ?? '').trim();
      return stated === String(body.length) ? passed(body.length + ', as the body has') : failed(stated + ', but the body has ' + body.length);
    },
    json: () => {
      try {
        JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
        return passed('Yes');
      } catch (error) {
        return failed('No: ' + error.message);
      }
    },
    'content-digest': async () => {
      if (request.body.maskedBytes > 0) return skipped(masked);
      if (globalThis.crypto?.subtle === undefined) return skipped(noCryptography);
      const entries = [...(headerOf('content-digest') ?? '').matchAll(/(sha-256|sha-512)=:([A-Za-z0-9+/=]+):/gi)];
      if (entries.length === 0) return failed('No digest in it that can be read');
      for (const [, name, value] of entries) {
        if (base64Of(await crypto.subtle.digest(name.toUpperCase(), body)) !== value) return failed('Not that of the body');
      }
      return passed('That of the body');
    },
    signed: () => digest(signed, signedBytes),
    'signed-body': () => {
      const part = signed.parts.find((candidate) => candidate.name === 'body');
      const found = signedBytes.slice(part.start, part.end);
      return found.length === body.length && found.every((byte, index) => byte === body[index]) ? passed('Byte for byte') : failed('Not byte for byte');
    },
    'public-key': async () => {
      if (signed.maskedBytes > 0) return skipped(masked);
      if (globalThis.crypto?.subtle === undefined) return skipped(noCryptography);
      let count = 0;
      for (const proof of facts.proofs) {
        try {
          const key = await crypto.subtle.importKey('spki', bytesOf(proof.spkiBase64), proof.algorithm, false, ['verify']);
          if (await crypto.subtle.verify(proof.algorithm, key, bytesOf(proof.signatureBase64), signedBytes)) count += 1;
        } catch (error) {
          return skipped('This browser does not check ' + proof.algorithm.name + ': ' + error.message);
        }
      }
      const detail = count + ' of ' + facts.proofs.length + (facts.proofs.length === 1 ? ' check' : ' checks') + ' passed';
      return count > 0 ? passed(detail) : failed(detail);
    },
  };

  let run = 0;
  let different = 0;
  for (const recorded of data.repeatable) {
    const cell = document.querySelector('[data-check="' + recorded.id + '"]');
    const found = await checks[recorded.id]();
    const isComparable = found.result !== 'skipped' && recorded.result !== 'skipped';
    const differs = isComparable && found.result !== recorded.result;
    run += 1;
    if (differs) different += 1;
    cell.dataset.result = differs ? 'differs' : found.result;
    cell.textContent = found.detail;
  }
  const summary = document.getElementById('rerun');
  summary.textContent = run + ' checks were run again in this browser at ' + new Date().toISOString().slice(0, 19) + 'Z; ' +
    (different === 0 ? 'none differs from what was recorded.' : different + (different === 1 ? ' differs' : ' differ') + ' from what was recorded.');
  summary.dataset.done = 'true';
})().catch((error) => {
  document.getElementById('rerun').textContent = 'The checks could not be run again: ' + error.message;
});
`;
