import { useComputedColorScheme } from '@mantine/core';
import Editor from '@monaco-editor/react';
import { spotlight } from '@mantine/spotlight';
import type { editor } from 'monaco-editor';
import { useEffect, useRef, useState } from 'react';
import classes from './code-editor.module.css';
import type { CodeEditorProps, EditorMarker } from './editor-types.ts';
import { themeName } from './editor-themes.ts';
import { monaco, setJsonSchema, setTemplateScope } from './monaco-setup.ts';

const noMarkers: readonly EditorMarker[] = [];
const markerOwner = 'hookyard';

/** Options that do not depend on what is edited. */
const fixedOptions: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  contextmenu: false,
  fixedOverflowWidgets: true,
  folding: true,
  fontSize: 12.5,
  glyphMargin: false,
  hideCursorInOverviewRuler: true,
  lineDecorationsWidth: 8,
  lineHeight: 19,
  lineNumbersMinChars: 3,
  minimap: { enabled: false },
  occurrencesHighlight: 'off',
  overviewRulerBorder: false,
  overviewRulerLanes: 2,
  padding: { top: 8, bottom: 8 },
  quickSuggestions: { other: true, strings: true, comments: false },
  renderLineHighlight: 'none',
  // Marks are hidden in viewers otherwise.
  renderValidationDecorations: 'on',
  scrollBeyondLastLine: false,
  scrollbar: { alwaysConsumeMouseWheel: false, horizontalScrollbarSize: 10, useShadows: false, verticalScrollbarSize: 10 },
  suggest: { showWords: false, preview: false },
  tabSize: 2,
  unicodeHighlight: { ambiguousCharacters: false },
  wordBasedSuggestions: 'off',
};

function toMonacoMarker(model: editor.ITextModel, marker: EditorMarker): editor.IMarkerData {
  const { lineNumber, column } = model.validatePosition({ lineNumber: marker.line, column: marker.column });
  const path = /[\w-]+(?:\.[\w-]+|\[[^\]]*\])*/y;
  path.lastIndex = column - 1;
  const pathLength = path.exec(model.getLineContent(lineNumber))?.[0].length ?? 0;
  const endOfLine = model.getLineMaxColumn(lineNumber);
  // A marker at the end of a line covers the character before it, or nothing would be underlined.
  const startColumn = column === endOfLine ? Math.max(1, column - 1) : column;
  return {
    message: marker.message,
    severity: marker.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    startLineNumber: lineNumber,
    endLineNumber: lineNumber,
    startColumn,
    endColumn: Math.max(column + pathLength, startColumn + 1),
  };
}

/** While one of these is open or there is a selection, Escape closes it. */
const nothingToClose = [
  '!suggestWidgetVisible',
  '!findWidgetVisible',
  '!parameterHintsVisible',
  '!editorHoverVisible',
  '!markersNavigationVisible',
  '!inSnippetMode',
  '!editorHasMultipleSelections',
].join(' && ');

interface MonacoCodeEditorProps extends CodeEditorProps {
  /** Tab leaves the editor from now on, in place of indenting; until the editor is left. */
  readonly isLeaving: boolean;
  readonly onLeaving: (isLeaving: boolean) => void;
}

/** The Monaco editor; loaded on its own, so use `CodeEditor`. */
export function MonacoCodeEditor(props: MonacoCodeEditorProps) {
  const { value, onChange, language, label, path, markers = noMarkers, schema = null, isLeaving, onLeaving } = props;
  const scheme = useComputedColorScheme('light');
  const [code, setCode] = useState<editor.IStandaloneCodeEditor | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const isReadOnly = onChange === undefined;
  const isTyped = useTextFromOutside(code, value, path);

  useEffect(() => {
    if (language !== 'json') return undefined;
    setJsonSchema(path, schema);
    return () => setJsonSchema(path, null);
  }, [language, path, schema]);

  useEffect(() => {
    const model = code?.getModel();
    if (model === null || model === undefined) return;
    setTemplateScope(model, () => latest.current.scope ?? {});
    monaco.editor.setModelMarkers(
      model,
      markerOwner,
      markers.map((marker) => toMonacoMarker(model, marker)),
    );
    const first = markers[0];
    // A viewer is opened to see the place; in an editor the text must not move away from the cursor.
    if (isReadOnly && first !== undefined) code?.revealPositionInCenterIfOutsideViewport({ lineNumber: first.line, column: first.column });
  }, [code, markers, path, language, isReadOnly]);

  useMarkedLine(code, props.markedLine ?? null);
  return (
    <Editor
      height="100%"
      defaultValue={value}
      path={path}
      language={language}
      theme={themeName(scheme)}
      loading={null}
      onMount={(mounted) => {
        setCode(mounted);
        mounted.addAction({
          id: 'hookyard.submit',
          label: 'Send',
          keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter],
          run: () => latest.current.onSubmit?.(),
        });
        // Otherwise Monaco waits for a second key after this one.
        mounted.addAction({
          id: 'hookyard.palette',
          label: 'Open the palette',
          keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyK],
          run: spotlight.open,
        });
        mounted.addCommand(monaco.KeyCode.Escape, () => onLeaving(true), nothingToClose);
        mounted.onDidChangeCursorPosition(({ position, reason }) => {
          // What is typed moves the cursor too, and its line is not looked for then.
          if (reason === monaco.editor.CursorChangeReason.Explicit) latest.current.onCursorLine?.(position.lineNumber);
        });
        mounted.onDidBlurEditorWidget(() => onLeaving(false));
      }}
      onChange={(text = '') => {
        if (isTyped(text)) onChange?.(text);
      }}
      options={{
        ...fixedOptions,
        // Monaco measures characters itself, so it needs the fonts and not a variable.
        fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--hy-mono'),
        ariaLabel: isReadOnly ? label : `${label}. Press Escape to let Tab leave the editor.`,
        domReadOnly: isReadOnly,
        lineNumbers: props.hasLineNumbers === false ? 'off' : 'on',
        readOnly: isReadOnly,
        tabFocusMode: isReadOnly || isLeaving,
        wordWrap: props.isWrapped === true ? 'on' : 'off',
        ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
      }}
    />
  );
}

/** Marks a line of the text, and brings it into sight. */
function useMarkedLine(code: editor.IStandaloneCodeEditor | null, line: number | null): void {
  useEffect(() => {
    const lines = code?.getModel()?.getLineCount() ?? 0;
    if (code === null || line === null || line > lines) return undefined;
    const marks = code.createDecorationsCollection([
      { range: new monaco.Range(line, 1, line, 1), options: { isWholeLine: true, className: classes.marked ?? '' } },
    ]);
    code.revealLineInCenterIfOutsideViewport(line);
    return () => marks.clear();
  }, [code, line]);
}

/**
 * Puts a text from outside into the editor, without touching what was typed there. A typed text comes back as `value` a moment later,
 * when more may have been typed already; putting it back then would lose that. Returns a function that records a text of the editor, and says
 * whether it was typed there.
 */
function useTextFromOutside(code: editor.IStandaloneCodeEditor | null, value: string, path: string): (text: string) => boolean {
  const isPutting = useRef(false);
  const typed = useRef<{ path: string; texts: string[] }>({ path, texts: [] });
  useEffect(() => {
    const model = code?.getModel();
    if (model === null || model === undefined) return;
    if (typed.current.path !== path) typed.current = { path, texts: [] };
    const { texts } = typed.current;
    const at = texts.indexOf(value);
    if (at !== -1) {
      texts.splice(0, at + 1);
      return;
    }
    texts.length = 0;
    // As an edit and not as a new text, so that it can be undone.
    if (model.getValue() === value) return;
    isPutting.current = true;
    try {
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null);
    } finally {
      isPutting.current = false;
    }
  }, [code, value, path]);
  return (text) => {
    if (!isPutting.current) typed.current.texts.push(text);
    return !isPutting.current;
  };
}
