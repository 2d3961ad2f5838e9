import { Component, type ReactNode } from 'react';
import { toProblem, type Problem } from '../problem.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';

interface State {
  readonly problem: Problem | null;
}

/** Keeps a failure to draw one area inside that area, with a way to draw it again. */
export class AreaBoundary extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { problem: null };

  static getDerivedStateFromError(error: unknown): State {
    return { problem: toProblem(error) };
  }

  override render() {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    const shown = { ...problem, message: `This area could not be drawn: ${problem.message}` };
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice problem={shown} onRetry={() => this.setState({ problem: null })} />
      </div>
    );
  }
}
