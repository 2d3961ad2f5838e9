import { cutOutputs } from '#shared/contract/template-outputs.ts';
import { Refusal } from '../base/refusal.ts';
import { compileTemplate, variablesIn } from './template.ts';

/**
 * Names of variables that a text may take, whatever it is a text of: a URL is cut at its outputs, a header or a body is read as a whole. Null where it may
 * take any, also since it cannot be read.
 */
export function variablesOfText(text: string): ReadonlySet<string> | null {
  if (!/\{[{%]/.test(text)) return new Set();
  const names = new Set<string>();
  for (const piece of [text, ...cutOutputs(text).flatMap((each) => (each.isOutput ? [each.text] : []))]) {
    const found = variablesOfTemplate(piece);
    if (found === null) return null;
    for (const name of found) names.add(name);
  }
  return names;
}

function variablesOfTemplate(source: string): ReadonlySet<string> | null {
  try {
    return variablesIn(compileTemplate(source));
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
