import { Component, type ReactNode } from 'react';

/** Shows what is left when a page cannot be drawn, as when a part of it was replaced by a newer version. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="failed" role="alert">
        <p>
          <strong>This page cannot be shown.</strong> {error.message}. The queen may have been replaced by a newer version.
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
