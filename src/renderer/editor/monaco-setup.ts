import { loader } from '@monaco-editor/react';
import * as monaco from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import 'monaco-editor/languages/definitions/liquid/register.js';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register.js';
// The JSON mode brings every editor feature along. It has to be there before the first editor is made, because Monaco
// collects its services and colours then, so a mode that is loaded later would find some of them missing.
import 'monaco-editor/languages/features/json/jsonMode.js';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker.js?worker';
import { editorTheme, themeName } from './editor-themes.ts';
import { hoverAt, proposalsAt, type LiquidProposal } from './liquid-completion.ts';
import { jsonViewGrammar, jsonViewId, liquidJsonConfiguration, liquidJsonGrammar, liquidJsonId } from './liquid-json.ts';
import type { TemplateScope } from './sample-values.ts';

/** The scope of the sample event for each open template; the language's providers are shared by all editors. */
const scopes = new WeakMap<monaco.editor.ITextModel, () => TemplateScope>();

/** Gives completion and hover the values of a template's names; read again for each request. */
export function setTemplateScope(model: monaco.editor.ITextModel, read: () => TemplateScope): void {
  scopes.set(model, read);
}

/** The JSON Schemas that open texts are checked by, by the path of their model. */
const jsonSchemas = new Map<string, unknown>();

/** Checks JSON in the model of this path against a JSON Schema, or against none. */
export function setJsonSchema(path: string, schema: unknown): void {
  if (jsonSchemas.get(path) === schema) return;
  if (schema === null || schema === undefined) {
    if (!jsonSchemas.delete(path)) return;
  } else jsonSchemas.set(path, schema);
  jsonDefaults.setDiagnosticsOptions({
    validate: true,
    allowComments: false,
    // A schema may name one that the editor does not have; nothing is fetched.
    schemaRequest: 'ignore',
    schemas: [...jsonSchemas].map(([each, rules]) => ({ uri: `inmemory://schema/${each}`, fileMatch: [`*${each}`], schema: rules })),
  });
}

const proposalKinds: Readonly<Record<LiquidProposal['kind'], monaco.languages.CompletionItemKind>> = {
  variable: monaco.languages.CompletionItemKind.Variable,
  field: monaco.languages.CompletionItemKind.Field,
  filter: monaco.languages.CompletionItemKind.Function,
  tag: monaco.languages.CompletionItemKind.Keyword,
};

/** Type and value of a field as they fit beside its name. */
function shortSample(proposal: LiquidProposal): string {
  const limit = 32;
  return proposal.sample.length > limit ? proposal.detail : proposal.sample;
}

function provideCompletions(model: monaco.editor.ITextModel, position: monaco.Position): monaco.languages.CompletionList {
  const offset = model.getOffsetAt(position);
  const scope = scopes.get(model)?.() ?? {};
  const suggestions = proposalsAt(model.getValue(), offset, scope).map((proposal, index) => ({
    label: {
      label: proposal.label,
      description: proposal.kind === 'filter' || proposal.kind === 'tag' ? proposal.detail : shortSample(proposal),
    },
    kind: proposalKinds[proposal.kind],
    insertText: proposal.insertText,
    // Editors filter by the text in the range, which for a bracketed key begins with the dot.
    filterText: model.getValueInRange(monaco.Range.fromPositions(model.getPositionAt(proposal.from), position)).startsWith('.')
      ? `.${proposal.label}`
      : proposal.label,
    detail: proposal.detail,
    documentation: { value: `\`\`\`liquid-json\n${proposal.sample}\n\`\`\`` },
    sortText: String(index).padStart(4, '0'),
    range: monaco.Range.fromPositions(model.getPositionAt(proposal.from), position),
  }));
  return { suggestions };
}

function provideHover(model: monaco.editor.ITextModel, position: monaco.Position): monaco.languages.Hover | null {
  const hover = hoverAt(model.getValue(), model.getOffsetAt(position), scopes.get(model)?.() ?? {});
  if (hover === null) return null;
  const sample = hover.sample === '' ? '' : `\n\`\`\`liquid-json\n${hover.sample}\n\`\`\``;
  return {
    range: monaco.Range.fromPositions(model.getPositionAt(hover.from), model.getPositionAt(hover.to)),
    contents: [{ value: `**${hover.title}** ${hover.detail}${sample}` }],
  };
}

self.MonacoEnvironment = { getWorker: (_id, label) => (label === 'json' ? new JsonWorker() : new EditorWorker()) };
loader.config({ monaco });
for (const scheme of ['light', 'dark'] as const) monaco.editor.defineTheme(themeName(scheme), editorTheme(scheme));
monaco.languages.register({ id: liquidJsonId });
monaco.languages.setMonarchTokensProvider(liquidJsonId, liquidJsonGrammar);
monaco.languages.setLanguageConfiguration(liquidJsonId, liquidJsonConfiguration);
monaco.languages.register({ id: jsonViewId });
monaco.languages.setMonarchTokensProvider(jsonViewId, jsonViewGrammar);
for (const language of [liquidJsonId, 'liquid']) {
  monaco.languages.registerCompletionItemProvider(language, {
    triggerCharacters: ['.', '{', '|', '%', ' '],
    provideCompletionItems: provideCompletions,
  });
  monaco.languages.registerHoverProvider(language, { provideHover });
}

export { monaco };
