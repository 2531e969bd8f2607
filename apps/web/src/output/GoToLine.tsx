import { useState } from 'react';
import { Dialog } from '../parts/Dialog.js';

/** Asks for the number of a line. */
export function GoToLine({ onLine, onClose }: { onLine: (line: number) => void; onClose: () => void }) {
  const [text, setText] = useState('');
  const line = Number(text.replaceAll(/\D/g, ''));
  return (
    <Dialog title="Go to a line" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          if (line > 0) onLine(line - 1);
        }}
      >
        <input
          type="text"
          inputMode="numeric"
          aria-label="Number of the line"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button is-main" disabled={!(line > 0)}>
          Go
        </button>
      </form>
    </Dialog>
  );
}
