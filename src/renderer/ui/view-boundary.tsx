import { Component, type ReactNode } from 'react';
import { toProblem, type Problem } from '../base/problem.ts';
import { ErrorNotice } from './error-notice.tsx';

interface ViewBoundaryProps {
  /** What is kept inside, at the beginning of a sentence: `This capture`. */
  readonly what: string;
  /** What it shows, such as an id: with something else it is drawn again. */
  readonly shows: unknown;
  readonly children: ReactNode;
}

interface State {
  readonly problem: Problem | null;
  readonly shows: unknown;
}

/** Contains a rendering failure, so that the rest of the page keeps working, with a way to try again. */
export class ViewBoundary extends Component<ViewBoundaryProps, State> {
  override readonly state: State = { problem: null, shows: this.props.shows };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { problem: toProblem(error) };
  }

  static getDerivedStateFromProps({ shows }: ViewBoundaryProps, state: State): State | null {
    return shows === state.shows ? null : { problem: null, shows };
  }

  override render() {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    const shown = { ...problem, message: `${this.props.what} could not be drawn: ${problem.message}` };
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice problem={shown} onRetry={() => this.setState({ problem: null })} />
      </div>
    );
  }
}
